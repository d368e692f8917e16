/** The way to a hyperplane within the box: on the plane, in the box, and no longer than any other. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shortestToPlane } from '../../core/attacks/hyperplane';
import type { Norm } from '../../core/attacks/perturb';
import type { Engine } from '../../core/engine/engine';
import { uniform } from '../energy/reference';
import { open, testEngines } from '../engines';

const [n, d] = [24, 48];
const points = uniform(1, n * d);
/** Some weights are 0. */
const weights = uniform(2, n * d).map((u) => (u < 0.1 ? 0 : 2 * u - 1));
/** From near planes to some out of reach. */
const gaps = uniform(3, n).map((u, i) => (2 * u - 1) * (i < 16 ? 3 : 40));

/** By bisection in float64: the size of the moves, and whether the plane is reached. */
function expected(row: number, norm: Norm): { length: number; reached: boolean } {
  const gap = gaps[row] ?? 0;
  const side = gap >= 0 ? 1 : -1;
  const moves = Array.from({ length: d }, (_, i) => {
    const [t, w] = [points[row * d + i] ?? 0, side * (weights[row * d + i] ?? 0)];
    return { weight: Math.abs(w), limit: w === 0 ? 0 : w > 0 ? t : 1 - t };
  });
  const at = (l: number) => moves.map(({ weight, limit }) => Math.min(norm === 'linf' ? l : l * weight, limit));
  const done = (l: number) => at(l).reduce((sum, move, i) => sum + move * (moves[i]?.weight ?? 0), 0);
  let [low, high] = [0, 1e6];
  for (let k = 0; k < 200; k++) {
    const middle = (low + high) / 2;
    if (done(middle) < Math.abs(gap)) low = middle;
    else high = middle;
  }
  const moved = at(high);
  return {
    length: norm === 'linf' ? Math.max(...moved) : Math.hypot(...moved),
    reached: done(1e6) >= Math.abs(gap),
  };
}

describe.each(testEngines)('the shortest way to a plane on %s', (id) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await open(id);
  });
  afterAll(() => engine.dispose());

  it.each(['linf', 'l2'] as const)('in %s is as long as it must be', async (norm) => {
    const t = tf.tensor4d(points, [n, 4, 4, 3]);
    const w = tf.tensor4d(weights, [n, 4, 4, 3]);
    const gap = tf.tensor4d(gaps, [n, 1, 1, 1]);
    const before = tf.memory().numTensors;
    const way: Tensor4D = shortestToPlane(t, w, gap, norm);
    expect(tf.memory().numTensors).toBe(before + 1);
    const moves = await way.data();
    let outOfReach = 0;
    for (let row = 0; row < n; row++) {
      const own = [...moves.subarray(row * d, (row + 1) * d)];
      const { length, reached } = expected(row, norm);
      const done = own.reduce((sum, move, i) => sum - move * (weights[row * d + i] ?? 0), 0);
      own.forEach((move, i) => {
        const to = (points[row * d + i] ?? 0) + move;
        expect(to).toBeGreaterThanOrEqual(-1e-6);
        expect(to).toBeLessThanOrEqual(1 + 1e-6);
      });
      const size = norm === 'linf' ? Math.max(...own.map(Math.abs)) : Math.hypot(...own);
      expect(size).toBeCloseTo(length, 5);
      if (reached) expect(done).toBeCloseTo(gaps[row] ?? NaN, 4);
      else outOfReach++;
    }
    expect(outOfReach).toBeGreaterThan(0);
    expect(outOfReach).toBeLessThan(n);
    tf.dispose([t, w, gap, way]);
  });
});
