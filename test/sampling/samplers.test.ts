/** Every sampler x engine: the energy falls without noise, [0,1] is kept, the seed is kept, no tensor is left behind. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { perturbationSize } from '../../core/attacks/perturb';
import type { Engine } from '../../core/engine/engine';
import { key } from '../../core/lib/key';
import { resolve } from '../../core/lib/options';
import { compileSampler, runChains } from '../../core/sampling/chains';
import type { Chains } from '../../core/sampling/sampler';
import { pgdSynthesis } from '../../core/sampling/pgd-synthesis';
import { samplerRegistry } from '../../core/sampling/registry';
import * as fixture from '../energy/reference';
import { open, testEngines } from '../engines';

const steps = 12;
const gentle: Record<string, Record<string, unknown>> = {
  sgld: { step: 0.02 },
  'pgd-synthesis': { step: 0.05 },
  'momentum-sgld': { step: 0.04 },
};

describe.each(testEngines)('samplers on %s', (id) => {
  let engine: Engine;
  let model: ReturnType<typeof fixture.net>;
  let x: Tensor4D;
  let y: Tensor1D;
  beforeAll(async () => {
    engine = await open(id);
    [model, x, y] = [fixture.net(), fixture.x(), fixture.y()];
  });
  afterAll(async () => {
    model.dispose();
    tf.dispose([x, y]);
    await engine.dispose();
  });

  const run = (sampler: string, labels: Tensor1D | undefined, set: Record<string, unknown>, seed = 1) => {
    const entry = samplerRegistry.get(sampler);
    const known = Object.fromEntries(Object.entries(set).filter(([name]) => name in entry.options));
    const step = compileSampler(engine, model, { sampler: entry, options: resolve(entry.options, known, sampler) });
    return runChains(model, step, x, labels, { steps, every: 4 }, key(seed, 'test')).finally(() => step.dispose());
  };

  it.each(samplerRegistry.ids)('%s descends E(x,y) and E(x), reproducibly, in [0,1]', async (sampler) => {
    const quiet = { ...gentle[sampler], noise: 0 };
    for (const labels of [y, undefined]) {
      const { frames, x: end } = await run(sampler, labels, quiet);
      const energies = frames.map((frame) => (labels ? frame.joint : frame.marginal) ?? new Float32Array());
      expect(frames.map((frame) => frame.step)).toEqual([0, 4, 8, 12]);
      energies[0]?.forEach((first, i) => expect(energies[3]?.[i]).toBeLessThan(first));
      end.dispose();
    }
    const before = engine.memory().tensors;
    const first = await run(sampler, y, { step: 0.8, noise: 0.1 });
    expect(engine.memory().tensors).toBe(before + 1);
    const [again, other] = [
      await run(sampler, y, { step: 0.8, noise: 0.1 }),
      await run(sampler, y, { step: 0.8, noise: 0.1 }, 2),
    ];
    const pixels = await first.x.data();
    expect(Math.min(...pixels)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...pixels)).toBeLessThanOrEqual(1);
    expect(await again.x.data()).toEqual(pixels);
    if ('noise' in samplerRegistry.get(sampler).options) expect(await other.x.data()).not.toEqual(pixels);
    tf.dispose([first.x, again.x, other.x]);
  });

  it.each(samplerRegistry.ids)('%s leaves [0,1] only where clipping is off', async (sampler) => {
    const free = await run(sampler, y, { step: 5, noise: 0, clip: false, limit: 1 });
    const pixels = await free.x.data();
    expect(Math.max(...pixels.map(Math.abs))).toBeGreaterThan(1);
    free.x.dispose();
  });

  it('PGD synthesis stays in its ball and descends CE on demand', async () => {
    const far = await run('pgd-synthesis', y, { step: 0.5, eps: 1, objective: 'ce' });
    const distances = perturbationSize(x, far.x, 'l2');
    expect(Math.max(...(await distances.data()))).toBeLessThanOrEqual(1 + 1e-5);
    const ce = (i: number) =>
      far.frames.at(i)?.joint?.map((joint, n) => joint - (far.frames.at(i)?.marginal[n] ?? 0)) ?? [];
    expect(ce(-1)[0]).toBeLessThan(ce(0)[0] ?? NaN);
    tf.dispose([far.x, distances]);
    await expect(run('pgd-synthesis', undefined, { objective: 'ce' })).rejects.toThrow('needs a class');
  });

  it.each(samplerRegistry.ids)('%s makes several steps a call as one after the other', async (sampler) => {
    const entry = samplerRegistry.get(sampler);
    const known = Object.entries({ step: 0.8, noise: 0.1 }).filter(([name]) => name in entry.options);
    const options = resolve(entry.options, Object.fromEntries(known), sampler);
    // from 8 to 11: over a change of digits
    const at = (k: number) => key(1, `test/chain/${8 + k}`);
    const walk = async (moves: number) => {
      const step = compileSampler(engine, model, { sampler: entry, options }, {}, moves);
      let chains: Chains = { x: tf.clone(x) };
      for (let k = 0; k < 12; k += moves) {
        const next = step.run({ ...chains, start: x, y }, at(k));
        tf.dispose({ ...chains });
        chains = next;
      }
      const pixels = await chains.x.data<'float32'>();
      tf.dispose({ ...chains });
      step.dispose();
      return pixels;
    };
    const before = engine.memory().tensors;
    expect(await walk(4)).toEqual(await walk(1));
    expect(engine.memory().tensors).toBe(before);
  });

  it('stops when cancelled', async () => {
    const options = resolve(pgdSynthesis.options, {}, 'test');
    const step = compileSampler(engine, model, { sampler: pgdSynthesis, options });
    const plan = { steps, signal: AbortSignal.abort() };
    await expect(runChains(model, step, x, y, plan, key(1, 'test'))).rejects.toThrow('Cancelled');
    step.dispose();
  });
});
