/** Every attack x norm x engine: inside the ball and [0,1], reproducible, not below its loss at x, no tensor left behind. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { highEnergyLoss } from '../../core/attacks/high-energy-pgd';
import { climbed, lossIds } from '../../core/attacks/losses';
import { type BallNorm, ballNorms, norms, perturbationSize } from '../../core/attacks/perturb';
import { attackRegistry } from '../../core/attacks/registry';
import { pgd } from '../../core/attacks/pgd';
import { type PerExample, crossEntropy } from '../../core/energy/energy';
import type { Engine } from '../../core/engine/engine';
import { key } from '../../core/lib/key';
import { resolve } from '../../core/lib/options';
import * as fixture from '../energy/reference';
import { open, testEngines } from '../engines';

const budget = { linf: { eps: 0.1, step: 0.025 }, l2: { eps: 0.5, step: 0.125 }, l1: { eps: 2, step: 0.5 } };
/** They look for the smallest perturbation. */
const minimal = ['fab', 'fab-t', 'deepfool', 'cw'];
const knows = (attack: string, norm: BallNorm) => {
  const asked = attackRegistry.get(attack).options.norm;
  return asked?.kind === 'choice' && asked.choices.includes(norm);
};
const table = attackRegistry.ids.flatMap((attack) =>
  ballNorms.filter((norm) => knows(attack, norm)).map((norm) => ({ attack, norm })),
);

describe.each(testEngines)('attacks on %s', (id) => {
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

  const run = (attack: string, set: Record<string, unknown>, seed = 1) => {
    const entry = attackRegistry.get(attack);
    const known = Object.fromEntries(Object.entries(set).filter(([name]) => name in entry.options));
    return entry.run(model, x, y, resolve(entry.options, known, attack), engine.random(key(seed, 'test')));
  };
  const values = async (at: Tensor4D, value: PerExample) => {
    const tensor = tf.tidy(() => value(model.logits(at)));
    const data = [...(await tensor.data())];
    tensor.dispose();
    return data;
  };
  /** An attack with a memory gives the image back where it finds nothing. */
  const changedOnlyWhatFell = async (adversarial: Tensor4D) => {
    const [wrong, moved] = tf.tidy(() => [
      tf.notEqual(tf.argMax(model.logits(adversarial), 1), y),
      tf.any(tf.notEqual(adversarial, x), [1, 2, 3]),
    ]);
    const [fell, changed] = [[...(await wrong.data())].map(Number), [...(await moved.data())].map(Number)];
    expect(changed).toContain(1);
    changed.forEach((each, i) => expect(each).toBeLessThanOrEqual(fell[i] ?? NaN));
    tf.dispose([wrong, moved]);
  };
  const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0);

  it.each(table)('$attack in $norm keeps its ball, [0,1], its seed and its loss', async ({ attack, norm }) => {
    const { eps, step } = budget[norm];
    // queries find little each; on a GPU that is none, a step takes a second
    const steps = attack === 'square' ? 60 : id === 'webgpu' && attack !== 'cw' ? 3 : 10;
    const set = { norm, eps, step, steps, targets: 2 };
    const before = engine.memory().tensors;
    const adversarial = run(attack, set);
    expect(engine.memory().tensors).toBe(before + 1);
    const again = run(attack, set);
    const other = run(attack, { ...set, randomStart: true }, 2);
    const size = perturbationSize(x, adversarial, norm);
    const pixels = await adversarial.data();
    expect(Math.max(...(await size.data()))).toBeLessThanOrEqual(eps * (1 + 2e-6));
    expect(Math.max(...(await size.data()))).toBeGreaterThan(minimal.includes(attack) ? 0 : 0.5 * eps);
    expect(Math.min(...pixels)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...pixels)).toBeLessThanOrEqual(1);
    expect(await again.data()).toEqual(pixels);
    // the first restart of a minimal attack begins at the image
    if (!minimal.includes(attack)) expect(await other.data()).not.toEqual(pixels);
    if (attackRegistry.get(attack).walk) {
      await changedOnlyWhatFell(adversarial);
      tf.dispose([adversarial, again, other, size]);
      return;
    }
    const climbs =
      attack === 'high-energy-pgd' ? highEnergyLoss(model, x, y, 1) : (logits: tf.Tensor2D) => crossEntropy(logits, y);
    const [clean, reached] = [await values(x, climbs), await values(adversarial, climbs)];
    reached.forEach((value, i) => expect(value).toBeGreaterThanOrEqual(clean[i] ?? NaN));
    tf.dispose([adversarial, again, other, size]);
  });

  it.each(lossIds.flatMap((loss) => norms.map((norm) => ({ loss, norm }))))(
    'PGD climbs $loss in $norm',
    async ({ loss, norm }) => {
      const options = resolve(pgd.options, { ...budget[norm], norm, loss }, 'pgd');
      const adversarial = pgd.run(model, x, y, options, engine.random(key(1, 'test')));
      const value = climbed(model, x, y, options);
      const [clean, reached] = [await values(x, value), await values(adversarial, value)];
      expect(sum(reached)).toBeGreaterThan(sum(clean));
      tf.dispose(adversarial);
    },
  );

  it('reaches the wanted class when targeted', async () => {
    const ce: PerExample = (logits) => crossEntropy(logits, y);
    const towards = run('pgd', { targeted: true });
    expect(sum(await values(towards, ce))).toBeLessThan(sum(await values(x, ce)));
    tf.dispose(towards);
  });

  it('keeps the worst restart of each image', async () => {
    const ce: PerExample = (logits) => crossEntropy(logits, y);
    const options = resolve(pgd.options, { steps: 1, step: 0, eps: 0.2 }, 'pgd');
    const climb = (restarts: number) => pgd.run(model, x, y, { ...options, restarts }, engine.random(key(1, 'test')));
    const [one, eight] = [climb(1), climb(8)];
    const [first, worst] = [await values(one, ce), await values(eight, ce)];
    worst.forEach((value, i) => expect(value).toBeGreaterThanOrEqual(first[i] ?? NaN));
    expect(sum(worst)).toBeGreaterThan(sum(first));
    tf.dispose([one, eight]);
  });

  it('keeps E(x) nearer to its natural level with high-energy PGD', async () => {
    const drift = highEnergyLoss(model, x, y, 1);
    const ce: PerExample = (logits) => crossEntropy(logits, y);
    const gap = async (at: Tensor4D) => sum(await values(at, ce)) - sum(await values(at, drift));
    const [plain, kept] = [
      run('pgd', { eps: 0.1, step: 0.01, steps: 20 }),
      run('high-energy-pgd', { eps: 0.1, step: 0.01, steps: 20 }),
    ];
    expect(await gap(kept)).toBeLessThan(await gap(plain));
    tf.dispose([plain, kept]);
  });

  it('refuses what cannot work, in a sentence', () => {
    expect(() => run('pgd', { loss: 'marginal', targeted: true })).toThrow(
      "The loss 'marginal' has no label to target.",
    );
    expect(() => run('pgd', { loss: 'kl', randomStart: false })).toThrow("The loss 'kl' is flat at the clean image.");
    expect(() => run('pgd', { eps: -1 })).toThrow('pgd.eps is -1');
  });
});
