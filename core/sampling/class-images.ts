/** The images of one class as the rows of a matrix X, its mean, and combinations of its centred rows; nothing is copied. */
import type { Split } from '../data/dataset';
import { AppError } from '../lib/errors';

export interface ClassImages {
  /** Images used, of `total` in the split. */
  readonly size: number;
  readonly total: number;
  /** Values of an image. */
  readonly stride: number;
  /** Row i, in stored units; times `unit` it is in [0,1]. */
  row(i: number): Uint8Array | Float32Array;
  readonly unit: number;
  /** In stored units. */
  readonly mean: Float64Array;
}

/** At most `limit` images of class y, evenly spread over the split. @throws AppError BAD_DATA when the class has none. */
export function classImages(split: Split, y: number, classes: number, limit: number): ClassImages {
  const all = [...split.labels.keys()].filter((i) => split.labels[i] === y);
  if (y < 0 || y >= classes || all.length === 0)
    throw new AppError('BAD_DATA', `The data has no image of class ${y}.`, `Classes are 0 to ${classes - 1}.`);
  const size = Math.min(limit, all.length);
  const chosen = Int32Array.from({ length: size }, (_, i) => all[Math.floor((i * all.length) / size)] ?? 0);
  const stride = split.shape[0] * split.shape[1] * split.shape[2];
  const row = (i: number) => split.pixels.subarray((chosen[i] ?? 0) * stride, ((chosen[i] ?? 0) + 1) * stride);
  const mean = new Float64Array(stride);
  for (let i = 0; i < size; i++) row(i).forEach((value, j) => (mean[j] = (mean[j] ?? 0) + value / size));
  return { size, total: all.length, stride, row, unit: split.pixels instanceof Uint8Array ? 1 / 255 : 1, mean };
}

/**
 * mean + W (X - mean) in [0,1] units, [count, stride], for weights W [count, size]. Sums in float64. Rows go two and draws four at a
 * time, which keeps the inner loop busy with arithmetic instead of memory.
 */
export function centredCombination(images: ClassImages, weights: Float32Array, count: number): Float32Array {
  const { size, stride, mean, unit } = images;
  const out = new Float32Array(count * stride);
  for (let from = 0; from < count; from += 4) {
    const sums = Array.from({ length: 4 }, () => new Float64Array(stride));
    const weightOf = (draw: number, i: number) =>
      from + draw < count && i < size ? (weights[(from + draw) * size + i] ?? 0) : 0;
    for (let i = 0; i < size; i += 2) {
      addRows(
        sums,
        images.row(i),
        images.row(Math.min(i + 1, size - 1)),
        [0, 1, 2, 3].flatMap((d) => [weightOf(d, i), weightOf(d, i + 1)]),
      );
    }
    sums.slice(0, count - from).forEach((sum, draw) => {
      let total = 0;
      for (let i = 0; i < size; i++) total += weightOf(draw, i);
      for (let j = 0; j < stride; j++)
        out[(from + draw) * stride + j] = ((sum[j] ?? 0) + (1 - total) * (mean[j] ?? 0)) * unit;
    });
  }
  return out;
}

type Row = Uint8Array | Float32Array;

/** sums[d] += w[2d] * a + w[2d + 1] * b. */
function addRows(sums: readonly Float64Array[], a: Row, b: Row, w: readonly number[]): void {
  const [s0, s1, s2, s3] = sums;
  const [p0 = 0, q0 = 0, p1 = 0, q1 = 0, p2 = 0, q2 = 0, p3 = 0, q3 = 0] = w;
  if (!s0 || !s1 || !s2 || !s3) return;
  for (let j = 0; j < a.length; j++) {
    const u = a[j] ?? 0;
    const v = b[j] ?? 0;
    s0[j] = (s0[j] ?? 0) + p0 * u + q0 * v;
    s1[j] = (s1[j] ?? 0) + p1 * u + q1 * v;
    s2[j] = (s2[j] ?? 0) + p2 * u + q2 * v;
    s3[j] = (s3[j] ?? 0) + p3 * u + q3 * v;
  }
}
