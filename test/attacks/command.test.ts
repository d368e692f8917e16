/** `lowland attack` on an untrained net: what it reports, the customary budget, reproducibility, plain errors. */
import * as tf from '@tensorflow/tfjs-core';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { budgetedOptions } from '../../core/attacks/budgets';
import { attackRegistry } from '../../core/attacks/registry';
import { attackCommand } from '../../core/cli/attack';
import type { CommandContext } from '../../core/cli/command';
import { key } from '../../core/lib/key';
import { resolve } from '../../core/lib/options';
import { silent } from '../../core/lib/progress';
import { buildModel } from '../../core/models/registry';
import { saveModel } from '../../core/models/weights';
import { open, testEngines } from '../engines';

let folder: string;
// the last engine is the fastest of those that are always there
const id = testEngines.at(-1) ?? 'wasm';

async function saveNet(name: string, size: number): Promise<void> {
  const engine = await open(id);
  const built = buildModel('convnet', {}, [size, size, 1], 10);
  const weights = built.init(engine.random(key(1, 'init')));
  await saveModel(path.join(folder, `${name}.safetensors`), built, weights, { dataset: 'fashion-mnist-mini' });
  tf.dispose(Object.values(weights));
  await engine.dispose();
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'lowland-attack-'));
  await saveNet('net', 28);
  await saveNet('small', 12);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const run = (flags: Record<string, unknown>, set: Record<string, string> = {}, model = 'net', out?: string) => {
  const context: CommandContext = {
    seed: 3,
    engine: id,
    out,
    dataFolder: folder,
    set,
    signal: new AbortController().signal,
    progress: silent,
  };
  const options = resolve(attackCommand.options, { n: 24, batch: 16, ...flags }, 'attack');
  return attackCommand.run([path.join(folder, `${model}.safetensors`)], options, context);
};

describe('lowland attack', () => {
  it('reports accuracies and energies under the customary budget, the same every time', async () => {
    const { json } = await run({}, { steps: '3' });
    expect(json).toMatchObject({
      images: 24,
      data: 'fashion-mnist-mini',
      options: { norm: 'linf', eps: 0.1, step: 0.025, steps: 3 },
      clean: expect.any(Number) as number,
      meanEnergies: { clean: expect.any(Number) as number, jointAdversarial: expect.any(Number) as number },
    });
    const { clean, robust, meanEnergies } = json as {
      clean: number;
      robust: number;
      meanEnergies: { jointClean: number; jointAdversarial: number };
    };
    expect(robust).toBeLessThanOrEqual(clean);
    expect(meanEnergies.jointAdversarial).toBeGreaterThan(meanEnergies.jointClean);
    expect((await run({}, { steps: '3' })).json).toEqual(json);
  });

  it('draws the energies where --out asks for it', async () => {
    const out = path.join(folder, 'energies.svg');
    const { json } = await run({ attack: 'fgsm' }, {}, 'net', out);
    const figures = ['energies.svg', 'energies-marginal.svg', 'energies-joint.svg'].map((name) =>
      path.join(folder, name),
    );
    const table = path.join(folder, 'energies.csv');
    expect(json).toMatchObject({ figures: [...figures, table] });
    for (const figure of figures) expect(await readFile(figure, 'utf8')).toMatch(/^<svg[^]*fgsm[^]*<.svg>\s*$/);
    const [head, ...rows] = (await readFile(table, 'utf8')).trim().split('\n');
    expect(head).toBe('image,label,marginalClean,jointClean,marginalAdversarial,jointAdversarial');
    expect(rows).toHaveLength(24);
    const cells = rows.map((row) => row.split(','));
    expect(cells.map(([image]) => image)).toEqual(cells.map((_, i) => String(i)));
    const { meanEnergies } = json as { meanEnergies: Record<string, number> };
    ['clean', 'jointClean', 'adversarial', 'jointAdversarial'].forEach((name, i) => {
      const values = cells.map((row) => Number(row[i + 2]));
      expect(values.reduce((sum, value) => sum + value / 24, 0)).toBeCloseTo(meanEnergies[name] ?? NaN, 6);
    });
  });

  it.each([
    [{ attack: 'pdg' }, {}, "Unknown attack 'pdg'."],
    [{ split: 'tset' }, {}, "Unknown split 'tset'."],
    [{ eps: '-1' }, {}, 'pgd.eps is "-1"; it must be a number of at least 0.'],
    [{}, { stepz: '3' }, "Unknown option of pgd 'stepz'."],
  ])('refuses %o %o', async (flags, set, sentence) => {
    await expect(async () => run(flags, set)).rejects.toThrow(sentence);
  });

  it('refuses data of another size', async () => {
    await expect(run({}, {}, 'small')).rejects.toThrow("'fashion-mnist-mini' has 28x28x1 images");
  });
});

describe('customary budgets', () => {
  it.each([
    [1, {}, { eps: 0.1, step: 0.025 }],
    [3, {}, { eps: 8 / 255, step: 2 / 255 }],
    [3, { norm: 'l2' }, { eps: 0.5, step: 0.125 }],
    [3, { eps: '4/255' }, { eps: 4 / 255, step: 1 / 255 }],
    [1, { eps: 0.3, step: '1/100' }, { eps: 0.3, step: 0.01 }],
  ])('for %i channels and %o', (channels, given, wanted) => {
    expect(budgetedOptions(attackRegistry.get('pgd'), given, channels)).toMatchObject(wanted);
    expect(budgetedOptions(attackRegistry.get('fgsm'), { eps: 0.2 }, channels)).toMatchObject({ eps: 0.2 });
  });
  it('know l1 where the attack does', () => {
    expect(budgetedOptions(attackRegistry.get('apgd-ce'), { norm: 'l1' }, 3)).toMatchObject({ eps: 12 });
    expect(() => budgetedOptions(attackRegistry.get('pgd'), { norm: 'l1' }, 3)).toThrow('pgd.norm is "l1"');
  });
});
