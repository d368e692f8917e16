/** Convolution and both its gradients on every engine against the cpu kernels, over shapes, strides, filters and paddings. */
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openCpu } from '../../core/engine/cpu';
import { key } from '../../core/lib/key';
import { normals } from '../../core/lib/philox';
import { open, testEngines } from '../engines';

type Shape = [number, number, number, number];
type Padding = 'same' | 'valid' | tf.backend_util.ExplicitPadding;
const around = (t: number, b: number, l: number, r: number): Padding => [
  [0, 0],
  [t, b],
  [l, r],
  [0, 0],
];

/** [input shape, filter shape, stride, padding] */
const cases: [Shape, Shape, number | [number, number], Padding][] = [
  [[2, 28, 28, 3], [3, 3, 3, 4], 1, 'same'],
  [[2, 28, 28, 3], [3, 3, 3, 4], 2, 'same'],
  [[1, 32, 32, 2], [4, 4, 2, 3], 2, 'same'],
  [[1, 32, 32, 2], [3, 3, 2, 3], 1, around(1, 1, 1, 1)],
  [[1, 32, 32, 2], [3, 3, 2, 3], 2, around(1, 1, 1, 1)],
  [[2, 28, 28, 2], [1, 1, 2, 5], 2, 'same'],
  [[2, 28, 28, 2], [1, 1, 2, 5], 1, 'valid'],
  [[3, 7, 7, 4], [3, 3, 4, 2], 1, 'valid'],
  [[3, 7, 7, 4], [3, 3, 4, 2], 2, 'valid'],
  [[3, 8, 8, 4], [3, 3, 4, 2], 2, 'valid'],
  [[3, 8, 7, 4], [3, 3, 4, 2], 2, 'same'],
  [[3, 7, 8, 4], [1, 1, 4, 2], 2, 'valid'],
  [[2, 7, 7, 1], [4, 4, 1, 6], 1, 'same'],
  [[2, 7, 7, 1], [4, 4, 1, 6], [2, 1], around(2, 1, 0, 3)],
  [[2, 9, 9, 2], [3, 3, 2, 2], 3, around(0, 2, 1, 0)],
  [[2, 6, 6, 2], [1, 1, 2, 2], 1, around(1, 2, 0, 1)],
  [[4, 1, 1, 8], [1, 1, 8, 3], 1, 'same'],
  [[4, 1, 1, 8], [3, 3, 8, 3], 1, 'same'],
  [[4, 1, 1, 8], [3, 3, 8, 3], 2, 'same'],
  [[2, 7, 7, 3], [7, 7, 3, 4], 1, 'valid'],
];

const size = (shape: readonly number[]) => shape.reduce((product, n) => product * n, 1);
const filled = <R extends tf.Rank>(shape: tf.ShapeMap[R], seed: number) =>
  tf.tensor<R>(normals(key(seed, 'case'), size(shape)), shape);

/** The convolution of a case, its gradients in x and in the filter, and the gradient of |dx|^2 in x and in the filter. */
async function results([xShape, filterShape, stride, pad]: (typeof cases)[number]): Promise<Float32Array[]> {
  const tensors = tf.tidy(() => {
    const x = filled<tf.Rank.R4>(xShape, 1);
    const filter = filled<tf.Rank.R4>(filterShape, 2);
    const convolve = (a: tf.Tensor, b: tf.Tensor) => tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, stride, pad);
    const y = convolve(x, filter);
    const dy = filled<tf.Rank.R4>(y.shape, 3);
    const [dx, dw] = tf.grads(convolve)([x, filter], dy);
    const energy = (a: tf.Tensor, b: tf.Tensor) => tf.sum(tf.mul(tf.square(convolve(a, b)), dy));
    const slope = tf.grads((a, b) => tf.sum(tf.square(tf.grad((inner) => energy(inner, b))(a))))([x, filter]);
    return [y, dx, dw, ...slope];
  });
  const values = await Promise.all(tensors.map(async (tensor) => Float32Array.from((await tensor?.data()) ?? [])));
  tf.dispose(tensors.filter((tensor) => tensor !== undefined));
  return values;
}

/** The largest difference, relative to the largest value. */
function difference(a: Float32Array, b: Float32Array): number {
  let most = 0;
  let scale = 1e-30;
  b.forEach((value, i) => {
    most = Math.max(most, Math.abs(value - (a[i] ?? NaN)));
    scale = Math.max(scale, Math.abs(value));
  });
  return a.length === b.length ? most / scale : Infinity;
}

const expected: Float32Array[][] = [];
beforeAll(async () => {
  await openCpu();
  for (const one of cases) expected.push(await results(one));
});

describe.each(testEngines.filter((id) => id !== 'cpu'))('conv2d on %s', (id) => {
  let engine: Awaited<ReturnType<typeof open>>;
  beforeAll(async () => {
    engine = await open(id);
  });
  afterAll(() => engine.dispose());

  test.each(cases.map((one, index) => [JSON.stringify(one), one, index] as const))('%s', async (_name, one, index) => {
    const before = tf.memory().numTensors;
    const actual = await results(one);
    expect(tf.memory().numTensors).toBe(before);
    actual.forEach((values, which) => {
      const wanted = expected[index]?.[which] ?? new Float32Array();
      expect(wanted.length, 'length').toBeGreaterThan(0);
      expect(difference(values, wanted), ['y', 'dx', 'dw', 'ddx', 'ddw'][which]).toBeLessThan(1e-5);
    });
  });
});
