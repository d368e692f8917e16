/** `lowland evaluate --suite`: the card, the page and the leaderboard of a small one; it goes on where it stopped, and refuses what is not its own. */
import * as tf from '@tensorflow/tfjs-core';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runSuite } from '../../core/cli/suite-run';
import { suiteWork } from '../../core/cli/suite-work';
import type { CommandContext } from '../../core/cli/command';
import { suiteHandlers } from '../../core/host/library/suites';
import { silent } from '../../core/lib/progress';
import { listModels } from '../../core/models/library';
import { open, testEngines } from '../engines';

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

  it('is found by windows, section by section with its figures', async () => {
    const { 'suites.results': results, 'suites.report': report } = suiteHandlers({ dataFolder: folder });
    const context = { signal: new AbortController().signal, after: -1 };
    const found = await results({ model: 'fashion/at', id: '' }, context);
    expect(found).toMatchObject({ suite: 'quick', images: 6, seed: 3, total: 6, folder: out() });
    expect(found.command).toBe(
      'npx lowland evaluate fashion/at --suite quick --n 6 --data fashion-mnist-mini --eps 0.1 --split test --seed 3',
    );
    expect(found.sections.map(({ id }) => id)).toEqual([
      'robustness',
      'curve',
      'calibration',
      'energies',
      'ood',
      'flatness',
    ]);
    for (const { figures } of found.sections.slice(1)) for (const { svg } of figures) expect(svg).toMatch(/^<svg /);
    const { name, bytes } = await report({ model: 'fashion/at', id: '' }, context);
    expect(name).toBe('judged.html');
    expect(Buffer.from(bytes).toString()).toContain('<!doctype html>');
    await expect(results({ model: 'fashion/natural', id: '' }, context)).rejects.toThrow(
      "No suite has judged 'fashion/natural'.",
    );
    await expect(results({ model: 'fashion/at', id: '../runs' }, context)).rejects.toThrow(
      "'../runs' is not the name of a suite.",
    );
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

  it('goes on as a job on an engine that stays open', { timeout: 500_000 }, async () => {
    const opened = await open(engine);
    const request = { model: 'fashion/at', suite: 'quick', dataset: 'fashion-mnist-mini', images: 6, norm: 'linf' };
    const heard: string[] = [];
    const stop = new AbortController();
    const work = () =>
      suiteWork(
        { ...request, suite: 'quick', norm: 'linf', eps: 0.1, seed: 3 },
        {
          dataFolder: folder,
          engine: async () => opened,
          signal: stop.signal,
          target: (name) => void heard.push(name),
          progress: { note: (line) => void heard.push(line), update: () => stop.abort() },
        },
      );
    try {
      await expect(work()).rejects.toThrow('Cancelled.');
      expect(heard[0]).toMatch(/^fashion-at-quick-[0-9a-f]{12}$/);
      expect(heard[1]).toBe('1 of 6: Robustness');
      // the engine still computes
      const one = tf.scalar(1);
      expect(await tf.add(one, one).data()).toEqual(new Float32Array([2]));
    } finally {
      await opened.dispose();
    }
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
