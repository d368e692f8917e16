/** Which engines work, for windows: found out once, by processes of their own. */
import { expect, it, vi } from 'vitest';
import { catalogueHandlers } from '../../core/host/library/catalogue';
import { datasetDesk } from '../../core/host/library/desk';

const examineAll = vi.hoisted(() => vi.fn());
vi.mock('../../core/engine/doctor', () => ({ examineAll }));
const context = { signal: new AbortController().signal, after: -1 };

it('are examined once for all windows, and again only after a failure', async () => {
  const handlers = catalogueHandlers(datasetDesk('/nonexistent'));
  examineAll.mockRejectedValueOnce(new Error('no process'));
  await expect(handlers['app.engines']({}, context)).rejects.toThrow('no process');
  examineAll.mockResolvedValue([
    { id: 'wasm', works: true, seconds: 1 },
    { id: 'webgpu', works: false, reason: 'There is no GPU.' },
  ]);
  const found = await handlers['app.engines']({}, context);
  expect(found.wasm).toMatchObject({ works: true });
  expect(found.webgpu).toEqual({ works: false, reason: 'There is no GPU.' });
  await handlers['app.engines']({}, context);
  expect(examineAll).toHaveBeenCalledTimes(2);
});
