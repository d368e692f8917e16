/** The nearest point of an l1 ball cut with [0,1], against the exact solution in double precision. */
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nearestInL1 } from '../../core/attacks/l1-ball';
import type { Engine } from '../../core/engine/engine';
import { uniform } from '../energy/reference';
import { open, testEngines } from '../engines';

const [rows, entries] = [8, 300];

/** Sizes of the nearest perturbation: the sum falls in l, so l is bisected until nothing is left to halve. */
function exact(size: readonly number[], room: readonly number[], eps: number): number[] {
  const shortened = (l: number) => size.map((s, i) => Math.min(Math.max(s - l, 0), room[i] ?? 0));
  const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
  if (sum(shortened(0)) <= eps) return shortened(0);
  let [low, high] = [0, Math.max(...size)];
  for (let k = 0; k < 200; k++) {
    const middle = (low + high) / 2;
    if (sum(shortened(middle)) > eps) low = middle;
    else high = middle;
  }
  return shortened(high);
}

/** Perturbations as attacks have them: dense noise; few entries of one size, many beyond the box; a short one. */
const kinds: Readonly<Record<string, (u: number, i: number) => number>> = {
  dense: (u) => 4 * u - 2,
  sparse: (u, i) => (i % 17 === 0 ? Math.sign(u - 0.5) * (i % 3 === 0 ? 0.4 : 3) : 0),
  short: (u, i) => (i % 50 === 0 ? u / 10 : 0),
};

describe.each(testEngines)('the l1 ball on %s', (id) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await open(id);
  });
  afterAll(() => engine.dispose());

  it.each(Object.keys(kinds))('has its nearest point for a %s perturbation', async (kind) => {
    const draw = kinds[kind];
    if (!draw) throw new Error(`no kind '${kind}'`);
    const eps = 2.5;
    const before = tf.memory().numTensors;
    // many pixels are black or white
    const pixels = Array.from(uniform(1, rows * entries), (u) => Math.min(Math.max(2 * u - 0.5, 0), 1));
    const delta = Array.from(uniform(2, rows * entries), draw);
    const [x, d] = [tf.tensor4d(pixels, [rows, 10, 10, 3]), tf.tensor4d(delta, [rows, 10, 10, 3])];
    const nearest = nearestInL1(x, d, eps);
    const found = await nearest.data();
    tf.dispose([x, d, nearest]);
    expect(tf.memory().numTensors).toBe(before);
    for (let row = 0; row < rows; row++) {
      const part = (values: ArrayLike<number>) => Array.from(values).slice(row * entries, (row + 1) * entries);
      const [given, own, at] = [part(delta), part(found), part(pixels)];
      const room = given.map((value, i) => (value > 0 ? 1 - (at[i] ?? 0) : (at[i] ?? 0)));
      const expected = exact(given.map(Math.abs), room, eps);
      own.forEach((value, i) => expect(value).toBeCloseTo(Math.sign(given[i] ?? 0) * (expected[i] ?? NaN), 5));
      const length = own.reduce((sum, value) => sum + Math.abs(value), 0);
      expect(length).toBeLessThanOrEqual(eps * (1 + 1e-6));
      own.forEach((value, i) => expect(value + (at[i] ?? 0)).toBeGreaterThanOrEqual(-1e-7));
      own.forEach((value, i) => expect(value + (at[i] ?? 0)).toBeLessThanOrEqual(1 + 1e-7));
    }
  });

  it('is a point where its radius is 0', async () => {
    const [x, d] = [tf.fill<tf.Rank.R4>([1, 2, 2, 1], 0.5), tf.tensor4d([1, -1, 0, 2], [1, 2, 2, 1])];
    const nearest = nearestInL1(x, d, 0);
    expect([...(await nearest.data())].map(Math.abs)).toEqual([0, 0, 0, 0]);
    tf.dispose([x, d, nearest]);
  });
});
