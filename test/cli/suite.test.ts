/** `lowland evaluate --suite`: the card, the page and the leaderboard of a small one; it goes on where it stopped, and refuses what is not its own. */
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runSuite } from '../../core/cli/suite-run';
import type { CommandContext } from '../../core/cli/command';
import { silent } from '../../core/lib/progress';
import { listModels } from '../../core/models/library';
import { testEngines } from '../engines';

const engine = testEngines.includes('tensorflow') ? 'tensorflow' : (testEngines[0] ?? 'cpu');
const flags = {
  suite: 'quick',
  attacks: '',
  version: 'standard',
  eps: '0.1',
  norm: 'linf',
  n: 6,
  data: 'fashion-mnist-mini',
  split: 'test',
  batch: 6,
  resume: false,
  shard: '',
} as const;

describe('a suite', () => {
  let folder: string;
  let context: CommandContext;
  const out = () => path.join(folder, 'judged');
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'lowland-suite-'));
    const { signal } = new AbortController();
    context = { seed: 3, engine, out: out(), dataFolder: folder, set: {}, signal, progress: silent };
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const run = (more: Partial<CommandContext> = {}) => runSuite('fashion/at', 'quick', flags, { ...context, ...more });

  it('measures every section, and leaves a card, a page and figures', { timeout: 500_000 }, async () => {
    const { json, text } = await run();
    const card = JSON.parse(await readFile(path.join(out(), 'card.json'), 'utf8')) as Record<string, unknown>;
    expect(json).toMatchObject(card);
    expect(card).toMatchObject({
      model: 'fashion/at',
      suite: 'quick',
      images: 6,
      robust: { norm: 'linf', eps: 0.1, by: 'apgd-ce, apgd-dlr' },
      robustbench: { dataset: 'fashion-mnist-mini', autoattack_acc: null, eps: '0.1' },
    });
    expect(Object.keys(card.sections as object).sort()).toEqual(
      ['calibration', 'curve', 'energies', 'flatness', 'ood', 'robustness'].sort(),
    );
    const page = await readFile(path.join(out(), 'report.html'), 'utf8');
    for (const words of ['Robust accuracy', 'Calibration', 'Images of another kind', 'Ankle boot'])
      expect(page).toContain(words);
    expect((await readdir(out())).filter((name) => name.endsWith('.svg')).length).toBeGreaterThan(6);
    expect(text).toContain('report.html');
  });

  it('stands in the list of models', async () => {
    const found = (await listModels(folder)).find(({ name }) => name === 'fashion/at');
    expect(found?.judged).toMatchObject({ suite: 'quick', images: 6 });
    expect((await listModels(folder)).find(({ name }) => name === 'fashion/natural')?.judged).toBeUndefined();
  });

  it('measures only what lacks, with the same numbers', { timeout: 500_000 }, async () => {
    const before = await readFile(path.join(out(), 'ood.json'), 'utf8');
    const kept = await readFile(path.join(out(), 'calibration.json'), 'utf8');
    await rm(path.join(out(), 'ood.json'));
    const marked = { ...(JSON.parse(kept) as object), marked: true };
    await writeFile(path.join(out(), 'calibration.json'), JSON.stringify(marked));
    await run();
    expect(await readFile(path.join(out(), 'ood.json'), 'utf8')).toBe(before);
    expect(JSON.parse(await readFile(path.join(out(), 'calibration.json'), 'utf8'))).toEqual(marked);
  });

  it('refuses a folder of another plan, a damaged section, and shards', async () => {
    await expect(run({ seed: 4 })).rejects.toThrow('was begun with seed 3, not 4');
    await writeFile(path.join(out(), 'curve.json'), '{');
    await expect(run()).rejects.toThrow(`'${path.join(out(), 'curve.json')}' is damaged.`);
    await expect(runSuite('fashion/at', 'quick', { ...flags, shard: '0/2' }, context)).rejects.toThrow(
      'A suite is not measured in shards.',
    );
    const other = path.join(folder, 'other');
    await writeFile(other, '');
    await expect(run({ out: folder })).rejects.toThrow('is not empty, and holds no suite');
  });
});
