/** `lowland surface` on untrained nets: a panel for each, the same plane for all, flatness, reproducible files, plain errors. */
import * as tf from '@tensorflow/tfjs-core';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CommandContext } from '../../core/cli/command';
import { surfaceCommand } from '../../core/cli/surface';
import { key } from '../../core/lib/key';
import { resolve } from '../../core/lib/options';
import { silent } from '../../core/lib/progress';
import { buildModel } from '../../core/models/registry';
import { saveModel } from '../../core/models/weights';
import { open, testEngines } from '../engines';

let folder: string;
// the last engine is the fastest of those that are always there
const id = testEngines.at(-1) ?? 'wasm';
const names = ['first', 'second'];
const file = (name: string) => path.join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'lowland-surface-'));
  const engine = await open(id);
  const built = buildModel('convnet', {}, [28, 28, 1], 10);
  for (const name of names) {
    const weights = built.init(engine.random(key(1, name)));
    await saveModel(file(`${name}.safetensors`), built, weights, {
      dataset: 'fashion-mnist-mini',
      ...(name === 'second' ? { configuration: JSON.stringify({ name, seed: 1, objective: { id: 'pgd-at' } }) } : {}),
    });
    tf.dispose(Object.values(weights));
  }
  await engine.dispose();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const run = (flags: Record<string, unknown>, out = 'energy.svg') => {
  const context: CommandContext = {
    seed: 3,
    engine: id,
    out: file(out),
    dataFolder: folder,
    set: {},
    signal: new AbortController().signal,
    progress: silent,
  };
  const models = names.map((name) => file(`${name}.safetensors`)).join(',');
  const given = { models, image: 7, resolution: 7, flatnessN: 2, ...flags };
  return surfaceCommand.run([], resolve(surfaceCommand.options, given, 'surface'), context);
};

describe('lowland surface', () => {
  it.each(['random', 'adversarial'])(
    'draws every model on %s directions, and measures its flatness',
    async (directions) => {
      const { json } = await run({ directions });
      const svg = await readFile(file('energy.svg'), 'utf8');
      for (const words of ['first', 'PGD-AT', 'offset along u (linf, pixels in [0,1])'])
        expect(svg).toContain(`>${words}</text>`);
      const rows = (await readFile(file('energy.csv'), 'utf8')).trim().split('\n');
      expect(rows).toHaveLength(1 + 2 * 49);
      expect(rows[1]?.split(',').slice(0, 3)).toEqual([
        'first',
        String(Math.fround(-3 * 0.1)),
        String(Math.fround(-3 * 0.1)),
      ]);
      expect(new Set(rows.slice(1).map((row) => row.split(',')[0]))).toEqual(new Set(names));
      expect(json).toMatchObject({ image: 7, eps: 0.1, norm: 'linf', directions, out: file('energy.svg') });
      const { flatness } = json as { flatness: Record<string, { images: number; attacked: { mean: number } }> };
      expect(Object.keys(flatness)).toEqual(names);
      for (const each of Object.values(flatness)) expect(each.attacked.mean).toBeGreaterThan(0);
      if (directions === 'adversarial') return;
      await run({ directions }, 'again.svg');
      expect(await readFile(file('again.svg'), 'utf8')).toBe(svg);
    },
  );

  it('writes a PNG where the name asks for one', async () => {
    await run({ flatnessN: 0, energy: 'marginal' }, 'energy.png');
    expect((await readFile(file('energy.png'))).subarray(1, 4).toString()).toBe('PNG');
  });

  it.each([
    [{ models: 'a,,b' }, "--models is 'a,,b'"],
    [{ image: 1e6 }, '--image is 1000000'],
    [{ resolution: 8 }, 'The resolution is 8; it must be odd'],
    [{ eps: '0' }, '--eps is "0"'],
  ])('refuses %o in a sentence', async (flags, sentence) => {
    await expect(async () => run(flags, 'never.svg')).rejects.toThrow(sentence);
  });
});
