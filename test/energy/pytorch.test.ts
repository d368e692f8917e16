/** Logits, energies, gradients, a PGD and an SGLD trajectory of the fixed convnet, on every engine, against PyTorch. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lossRegistry } from '../../core/attacks/losses';
import { attackRegistry } from '../../core/attacks/registry';
import { pgd } from '../../core/attacks/pgd';
import { crossEntropy, gradientInX, jointEnergy, marginalEnergy } from '../../core/energy/energy';
import type { Engine } from '../../core/engine/engine';
import { resolve } from '../../core/lib/options';
import { sgld } from '../../core/sampling/sgld';
import { open, testEngines } from '../engines';
import * as fixture from './reference';

describe.each(testEngines)('the fixed convnet on %s', (id) => {
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
    x.dispose();
    y.dispose();
    await engine.dispose();
  });

  const tolerance = id === 'cpu' ? 1e-5 : 1e-4;
  async function agrees(name: string, tensor: Tensor) {
    const error = fixture.relativeError(await tensor.data(), fixture.reference(name));
    tensor.dispose();
    expect(error, name).toBeLessThanOrEqual(tolerance);
  }

  it.each([
    ['logits', () => model.logits(x)],
    ['joint', () => tf.tidy(() => jointEnergy(model.logits(x), y))],
    ['marginal', () => tf.tidy(() => marginalEnergy(model.logits(x)))],
    ['ce', () => tf.tidy(() => crossEntropy(model.logits(x), y))],
    ['dlr', () => tf.tidy(() => lossRegistry.get('dlr').prepare(model, x, y)(model.logits(x)))],
    ['jointGradient', () => gradientInX(model, x, (logits) => jointEnergy(logits, y))],
    ['marginalGradient', () => gradientInX(model, x, marginalEnergy)],
    ['dlrGradient', () => tf.tidy(() => gradientInX(model, x, lossRegistry.get('dlr').prepare(model, x, y)))],
    ['klGradient', () => tf.tidy(() => gradientInX(model, tf.div(x, 2), lossRegistry.get('kl').prepare(model, x, y)))],
  ])('%s', (name, make) => agrees(name, make()));

  it.each([1, 2, 3, 4, 5])('PGD after %i steps', async (steps) => {
    const options = resolve(pgd.options, { steps }, 'pgd');
    await agrees(`pgd${steps}`, pgd.run(model, x, y, options, fixture.given(0)));
  });

  it('every point of an SGLD trajectory', async () => {
    const options = resolve(sgld.options, { step: 0.25, noise: 0.01 }, 'sgld');
    let at = { x: x.clone() };
    for (let k = 0; k < 5; k++) {
      const next = sgld.step(model, at, y, x, options, fixture.given(k));
      at.x.dispose();
      at = next;
      await agrees(`sgld${k + 1}`, at.x.clone());
    }
    at.x.dispose();
  });

  it.each([
    ['fgsm', 'fgsm', {}],
    ['pgd', 'pgd', { randomStart: false }],
    ['pgdL2', 'pgd', { norm: 'l2', eps: 0.5, step: 0.1, randomStart: false }],
    ['mifgsm', 'mifgsm', {}],
  ])("equals torchattacks' %s", async (name, attack, set) => {
    const entry = attackRegistry.get(attack);
    const options = resolve(entry.options, set, attack);
    await agrees(
      `torchattacks.${name}`,
      entry.run(model, x, y, options, engine.random({ seed: 0, stream: '', step: 0 })),
    );
  });
});
