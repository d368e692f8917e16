/** The way to a hyperplane within the box: on the plane, in the box, and no longer than any other. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shortestToPlane } from '../../core/attacks/hyperplane';
import type { BallNorm } from '../../core/attacks/perturb';
import type { Engine } from '../../core/engine/engine';
import { uniform } from '../energy/reference';
import { open, testEngines } from '../engines';

const [n, d] = [24, 48];
const points = uniform(1, n * d);
/** Some weights are 0. */
const weights = uniform(2, n * d).map((u) => (u < 0.1 ? 0 : 2 * u - 1));
/** From near planes to some out of reach. */
const gaps = uniform(3, n).map((u, i) => (2 * u - 1) * (i < 16 ? 3 : 40));

const sizeOf: Record<BallNorm, (moves: readonly number[]) => number> = {
  linf: (moves) => Math.max(...moves.map(Math.abs)),
  l2: (moves) => Math.hypot(...moves),
  l1: (moves) => moves.reduce((sum, move) => sum + Math.abs(move), 0),
};

/** By bisection in float64: the size of the moves, and whether the plane is reached. */
function expected(row: number, norm: BallNorm): { length: number; reached: boolean } {
  const gap = gaps[row] ?? 0;
  const side = gap >= 0 ? 1 : -1;
  const moves = Array.from({ length: d }, (_, i) => {
    const [t, w] = [points[row * d + i] ?? 0, side * (weights[row * d + i] ?? 0)];
    return { weight: Math.abs(w), limit: w === 0 ? 0 : w > 0 ? t : 1 - t };
  });
  const lengths: Record<BallNorm, (l: number) => number[]> = {
    linf: (l) => moves.map(({ limit }) => Math.min(l, limit)),
    l2: (l) => moves.map(({ weight, limit }) => Math.min(l * weight, limit)),
    // a budget of l, spent where it brings most
    l1(l) {
      const lengths = moves.map(() => 0);
      let left = l;
      for (const i of moves.map((_, i) => i).sort((a, b) => (moves[b]?.weight ?? 0) - (moves[a]?.weight ?? 0))) {
        lengths[i] = Math.min(left, moves[i]?.limit ?? 0);
        left -= lengths[i] ?? 0;
      }
      return lengths;
    },
  };
  const at = lengths[norm];
  const done = (l: number) => at(l).reduce((sum, move, i) => sum + move * (moves[i]?.weight ?? 0), 0);
  let [low, high] = [0, 1e6];
  for (let k = 0; k < 200; k++) {
    const middle = (low + high) / 2;
    if (done(middle) < Math.abs(gap)) low = middle;
    else high = middle;
  }
  const moved = at(high);
  return {
    length: sizeOf[norm](moved),
    reached: done(1e6) >= Math.abs(gap),
  };
}

describe.each(testEngines)('the shortest way to a plane on %s', (id) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await open(id);
  });
  afterAll(() => engine.dispose());

  it.each(['linf', 'l2', 'l1'] as const)('in %s is as long as it must be', async (norm) => {
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
      expect(sizeOf[norm](own)).toBeCloseTo(length, 5);
      if (reached) expect(done).toBeCloseTo(gaps[row] ?? NaN, 4);
      else outOfReach++;
    }
    expect(outOfReach).toBeGreaterThan(0);
    expect(outOfReach).toBeLessThan(n);
    tf.dispose([t, w, gap, way]);
  });
});
