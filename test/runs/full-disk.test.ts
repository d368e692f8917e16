import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createRun, readEvents, readManifest, resumeRun } from '../../core/runs/store';

const disk = vi.hoisted(() => ({ full: false }));

/** While the disk is full, half of what is written arrives, then the system refuses. */
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  const refuse = () => Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  const open = async (...args: Parameters<typeof real.open>) => {
    const handle = await real.open(...args);
    const write = handle.write.bind(handle);
    const writeFile = handle.writeFile.bind(handle);
    return Object.assign(handle, {
      write: async (bytes: Uint8Array, from: number, length: number, position: number) => {
        if (!disk.full) return write(bytes, from, length, position);
        await write(bytes, from, Math.floor(length / 2), position);
        throw refuse();
      },
      writeFile: async (data: Uint8Array | string) => {
        if (!disk.full) return writeFile(data);
        await writeFile(data.slice(0, data.length / 2));
        throw refuse();
      },
    });
  };
  return { ...real, open };
});

let root: string;
let folder: string;
beforeEach(async () => {
  disk.full = false;
  root = await mkdtemp(path.join(os.tmpdir(), 'lowland-full-'));
  folder = path.join(root, 'run');
});
afterEach(() => rm(root, { recursive: true, force: true }));

test('a full disk is one clear error, and what was complete stays', async () => {
  const run = await createRun(folder, { kind: 'train', name: 'a', configuration: {}, seed: 0, engine: 'cpu' });
  run.append({ kind: 'step', step: 1 });
  await run.checkpoint(1, { weights: Uint8Array.of(1, 1) });
  await run.file('report.html', 'whole');
  disk.full = true;
  run.append({ kind: 'step', step: 2, note: 'a line long enough to be torn in two' });
  const refused = { code: 'DISK_FULL', message: expect.stringContaining(folder) };
  await expect(run.flush()).rejects.toMatchObject(refused);
  await expect(run.checkpoint(2, { weights: Uint8Array.of(2, 2) })).rejects.toMatchObject(refused);
  await expect(run.file('report.html', 'a newer one')).rejects.toMatchObject(refused);
  await expect(run.update({ results: { clean: 1 } })).rejects.toMatchObject(refused);
  expect(await readFile(path.join(folder, 'report.html'), 'utf8')).toBe('whole');
  expect((await readManifest(folder)).results).toBeUndefined();
  expect((await readEvents(folder)).map(({ step }) => step)).toEqual([1]);
  expect(await readdir(path.join(folder, 'checkpoints'))).toEqual(['step-1']);

  disk.full = false;
  run.append({ kind: 'step', step: 3 });
  await run.close('stopped');
  expect((await readEvents(folder)).map(({ step }) => step)).toEqual([1, 2, 3]);
});

test('a run whose disk fills up at the end is still unlocked', async () => {
  const run = await createRun(folder, { kind: 'train', name: 'a', configuration: {}, seed: 0, engine: 'cpu' });
  disk.full = true;
  run.append({ kind: 'step', step: 1 });
  await expect(run.close('done')).rejects.toMatchObject({ code: 'DISK_FULL' });
  disk.full = false;
  await (await resumeRun(folder)).close('done');
});
