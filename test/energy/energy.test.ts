/** Energies at extreme logits, and their gradients in x against finite differences. */
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lossIds, lossRegistry } from '../../core/attacks/losses';
import { crossEntropy, gradientInX, jointEnergy, marginalEnergy } from '../../core/energy/energy';
import { limitL2, unitL2 } from '../../core/energy/geometry';
import type { Engine } from '../../core/engine/engine';
import { open, testEngines } from '../engines';
import * as fixture from './reference';

describe.each(testEngines)('energies on %s', (id) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await open(id);
  });
  afterAll(() => engine.dispose());

  it.each([1e4, -1e4])('are finite and exact for logits of %d', async (big) => {
    const logits = tf.tensor2d([
      [big, 0, 1],
      [big, big, big],
    ]);
    const y = tf.tensor1d([0, 2], 'int32');
    const energies = await Promise.all(
      [jointEnergy(logits, y), marginalEnergy(logits), crossEntropy(logits, y)].map((e) => e.data()),
    );
    const [joint, marginal, ce] = energies.map((values) => [...values]);
    const lone = big > 0 ? big : 1 + Math.log1p(Math.exp(-1));
    expect(joint).toEqual([-big, -big]);
    expect(marginal?.[0]).toBeCloseTo(-lone, 5);
    expect(marginal?.[1]).toBeCloseTo(-big - Math.log(3), 2);
    expect((ce?.[0] ?? NaN) / Math.max(1, lone - big)).toBeCloseTo((lone - big) / Math.max(1, lone - big), 6);
    expect(ce?.[1]).toBeCloseTo(Math.log(3), 5);
  });

  it.each(lossIds)('have a gradient of %s that finite differences confirm', async (loss) => {
    const model = fixture.net(tf.tanh);
    const y = fixture.y();
    const clean = fixture.x();
    const x = tf.tidy(() => tf.add<tf.Tensor4D>(clean, 0.1));
    const direction = tf.tensor(fixture.noise(3), x.shape) as tf.Tensor4D;
    const h = 5e-3;
    const [slope, measured] = tf.tidy(() => {
      const value = lossRegistry.get(loss).prepare(model, clean, y);
      const gradient = gradientInX(model, x, value);
      const at = (sign: number) => value(model.logits(tf.add(x, tf.mul(direction, sign * h))));
      return [tf.sum(tf.mul(gradient, direction), [1, 2, 3]), tf.div(tf.sub(at(1), at(-1)), 2 * h)] as const;
    });
    const error = fixture.relativeError(await measured.data(), await slope.data());
    expect(error).toBeLessThan(2e-3);
    tf.dispose([y, clean, x, direction, slope, measured]);
    model.dispose();
  });

  it('keep tiny and zero vectors in unit and limited length', async () => {
    const v = tf.tensor4d([3e-25, 4e-25, 0, 0, 30, 40], [3, 1, 1, 2]);
    const unit = [...(await unitL2(v).data())];
    const limited = [...(await limitL2(v, 5).data())];
    [0.6, 0.8, 0, 0, 0.6, 0.8].forEach((wanted, i) => expect(unit[i]).toBeCloseTo(wanted, 5));
    expect(limited.slice(0, 4)).toEqual([...(await v.data())].slice(0, 4));
    [3, 4].forEach((wanted, i) => expect(limited[4 + i]).toBeCloseTo(wanted, 5));
  });
});
