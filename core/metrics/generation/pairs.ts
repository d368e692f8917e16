/**
 * Inner products of all pairs of two sets of features, some rows at a time. The engine multiplies in float32, so the sets' common mean is
 * taken off first: it holds most of the size of features that are never negative, and it is put back in float64.
 */
import * as tf from '@tensorflow/tfjs-core';
import { type Features, type Pace, checkPair } from './features';
import { meanOf } from './moments';

/** Features less the common mean, as float32, and what float64 needs to undo it. */
export interface Centred {
  readonly values: Float32Array;
  readonly n: number;
  readonly d: number;
  /** |x - m|^2 [n], and m.x - |m|^2 / 2 [n]: x.y is the product of the centred ones and the latter of both. */
  readonly squares: Float64Array;
  readonly shifts: Float64Array;
}

/** @throws AppError BAD_DATA as `checkPair`. */
export function centred(a: Features, b: Features): readonly [Centred, Centred] {
  checkPair(a, b);
  const [ma, mb] = [meanOf(a), meanOf(b)];
  const mean = ma.map((value, j) => (value * a.n + (mb[j] ?? 0) * b.n) / (a.n + b.n));
  return [less(a, mean), less(b, mean)];
}

function less({ values, n, d }: Features, mean: Float64Array): Centred {
  const out = new Float32Array(n * d);
  const [squares, shifts] = [new Float64Array(n), new Float64Array(n)];
  for (let i = 0; i < n; i++) {
    let [square, shift] = [0, 0];
    for (let j = 0; j < d; j++) {
      const m = mean[j] ?? 0;
      const value = Math.fround((values[i * d + j] ?? 0) - m);
      out[i * d + j] = value;
      square += value * value;
      shift += m * (value + m / 2);
    }
    squares[i] = square;
    shifts[i] = shift;
  }
  return { values: out, n, d, squares, shifts };
}

/** These rows of it. */
export function rowsOf({ values, d, squares, shifts }: Centred, rows: Uint32Array): Centred {
  const taken = new Float32Array(rows.length * d);
  rows.forEach((row, i) => taken.set(values.subarray(row * d, (row + 1) * d), i * d));
  const at = (of: Float64Array) => Float64Array.from(rows, (row) => of[row] ?? 0);
  return { values: taken, n: rows.length, d, squares: at(squares), shifts: at(shifts) };
}

/** As many products as are read back at a time. */
const most = 2 ** 22;

/** Calls `use` with the products of rows from..to of a with all of b, [to - from, b.n]. */
export async function eachProduct(
  a: Centred,
  b: Centred,
  pace: Pace,
  use: (products: Float32Array, from: number, to: number) => void,
): Promise<void> {
  const step = Math.max(1, Math.min(a.n, Math.floor(most / b.n)));
  const y = tf.tensor2d(b.values, [b.n, b.d]);
  try {
    for (let from = 0; from < a.n; from += step) {
      const to = Math.min(from + step, a.n);
      const block = tf.tidy(() =>
        tf.matMul(tf.tensor2d(a.values.subarray(from * a.d, to * a.d), [to - from, a.d]), y, false, true),
      );
      const products = await block.data<'float32'>();
      block.dispose();
      use(products, from, to);
      await pace(to / a.n);
    }
  } finally {
    y.dispose();
  }
}
