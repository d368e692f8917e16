/** Optimisers and schedules against the published recurrences in double precision. */
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine, NamedTensors } from '../../core/engine/engine';
import { resolve } from '../../core/lib/options';
import { initialSlots, optimiserRegistry } from '../../core/training/optimiser';
import { learningRate, scheduleRegistry } from '../../core/training/schedule';
import { open, testEngines } from '../engines';

type Recurrence = (
  w: number,
  g: number,
  state: { m: number; v: number; t: number },
  o: Record<string, number>,
) => number;

/** One scalar weight, one step, by the book. */
const recurrences: Record<string, Recurrence> = {
  sgd(w, g, state, { lr = 0, momentum = 0, weightDecay = 0 }) {
    state.m = momentum * state.m + g + weightDecay * w;
    return w - lr * state.m;
  },
  adam(w, plain, state, { lr = 0, weightDecay = 0 }) {
    const g = plain + weightDecay * w;
    state.t += 1;
    state.m = 0.9 * state.m + 0.1 * g;
    state.v = 0.999 * state.v + 0.001 * g * g;
    return w - (lr * (state.m / (1 - 0.9 ** state.t))) / (Math.sqrt(state.v / (1 - 0.999 ** state.t)) + 1e-8);
  },
};
recurrences.adamw = (w, g, state, { lr = 0, weightDecay = 0 }) =>
  (recurrences.adam?.(w, g, state, { lr }) ?? NaN) - lr * weightDecay * w;

describe.each(testEngines)('optimisers on %s', (id) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await open(id);
  });
  afterAll(() => engine.dispose());

  it.each(optimiserRegistry.ids)('%s follows its recurrence for 20 steps', async (name) => {
    const entry = optimiserRegistry.get(name);
    const given = { lr: 0.05, weightDecay: 0.01 };
    const options = resolve(entry.options, given, name);
    let weights: NamedTensors = { w: tf.tensor1d([1, -2]) };
    let slots = initialSlots(entry, weights);
    const expected = [1, -2];
    const states = expected.map(() => ({ m: 0, v: 0, t: 0 }));
    for (let step = 0; step < 20; step++) {
      const g = expected.map((_, i) => Math.sin(step + i));
      tf.engine().startScope();
      const next = entry.update(weights, { w: tf.tensor1d(g) }, slots, tf.scalar(given.lr), tf.scalar(step), options);
      for (const tensor of [...Object.values(next.weights), ...Object.values(next.slots)]) tf.keep(tensor);
      tf.engine().endScope();
      expected.forEach((w, i) => {
        const state = states[i];
        if (state) expected[i] = recurrences[name]?.(w, g[i] ?? NaN, state, { ...given, momentum: 0.9 }) ?? NaN;
      });
      tf.dispose([weights, slots]);
      ({ weights, slots } = next);
    }
    const values = Array.from((await weights.w?.data()) ?? []);
    values.forEach((value, i) => expect(value).toBeCloseTo(expected[i] ?? NaN, 4));
    tf.dispose([weights, slots]);
  });
});

describe('schedules', () => {
  it.each(scheduleRegistry.ids)('%s warms up linearly and never exceeds its peak', (name) => {
    const entry = scheduleRegistry.get(name);
    const rates = Array.from({ length: 100 }, (_, step) =>
      learningRate(entry, resolve(entry.options, {}, name), 0.2, step, 100, 10),
    );
    expect(rates[0]).toBeCloseTo(0.02);
    expect(rates[4]).toBeCloseTo(0.1);
    expect(Math.max(...rates)).toBeLessThanOrEqual(0.2 + 1e-12);
    expect(Math.min(...rates)).toBeGreaterThanOrEqual(0);
  });
  it('cosine ends near zero, step falls at its milestones', () => {
    const at = (name: string, step: number) =>
      learningRate(scheduleRegistry.get(name), resolve(scheduleRegistry.get(name).options, {}, name), 1, step, 1000, 0);
    expect(at('cosine', 999)).toBeLessThan(1e-5);
    expect([at('step', 499), at('step', 500), at('step', 750)]).toEqual([1, 0.1, expect.closeTo(0.01)]);
  });
});
