/** Activations and their first and second derivatives, on each engine against the formulas in doubles. */
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../../core/engine/engine';
import { type Activation, activation } from '../../core/models/activations';
import { open, testEngines } from '../engines';

const points = [-30, -8, -2.4, -1.28, -0.5, -1e-3, 1e-3, 0.3, 1, 2.4, 7, 30];
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

type Formula = (x: number) => number;
const formulas: Record<Activation, [value: Formula, first: Formula, second: Formula]> = {
  relu: [(x) => Math.max(0, x), (x) => (x > 0 ? 1 : 0), () => 0],
  'leaky-relu': [(x) => (x > 0 ? x : 0.2 * x), (x) => (x > 0 ? 1 : 0.2), () => 0],
  silu: [
    (x) => x * sigmoid(x),
    (x) => sigmoid(x) * (1 + x * (1 - sigmoid(x))),
    (x) => sigmoid(x) * (1 - sigmoid(x)) * (2 + x * (1 - 2 * sigmoid(x))),
  ],
};

describe.each(testEngines)('on %s', (id) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await open(id);
  });
  afterAll(() => engine.dispose());

  test.each(Object.entries(formulas))('%s', async (name, [value, first, second]) => {
    const before = engine.memory().tensors;
    const f = activation(name as Activation);
    const tensors = tf.tidy(() => {
      const x = tf.tensor1d(points);
      const slope = tf.grad((at) => f(at));
      return [f(x), slope(x), tf.grad(slope)(x)];
    });
    const found = await Promise.all(tensors.map(async (tensor) => [...(await tensor.data())]));
    tf.dispose(tensors);
    expect(engine.memory().tensors).toBe(before);
    for (const [order, formula] of [value, first, second].entries())
      for (const [i, x] of points.entries())
        expect(Math.abs((found[order]?.[i] ?? NaN) - formula(x)), `derivative ${order} at ${x}`).toBeLessThan(1e-5);
  });
});
