/** Holding images out of a split by seed, class by class: each part keeps the classes' shares. */
import { AppError } from '../lib/errors';
import { type Key, fork } from '../lib/key';
import { permutation } from '../lib/philox';
import { type Split, valuesOf } from './dataset';

/** Images kept for validation: a twelfth of the training images, at most 5,000. */
export const validationSize = (images: number): number => Math.min(5000, Math.floor(images / 12));

/** The images at these indices, in that order. */
export function subset(split: Split, indices: Uint32Array): Split {
  const stride = valuesOf(split.shape);
  const pixels =
    split.pixels instanceof Uint8Array
      ? new Uint8Array(indices.length * stride)
      : new Float32Array(indices.length * stride);
  const labels = new Int32Array(indices.length);
  indices.forEach((index, i) => {
    pixels.set(split.pixels.subarray(index * stride, (index + 1) * stride), i * stride);
    labels[i] = split.labels[index] ?? 0;
  });
  return { shape: split.shape, size: indices.length, labels, pixels };
}

/**
 * Two disjoint splits that make up `all`, each in the order of `all`: `held` has `size` images, chosen by the key within each class.
 * @throws AppError BAD_OPTION when that leaves no image.
 */
export function holdOut(all: Split, size: number, at: Key): { rest: Split; held: Split } {
  if (size >= all.size)
    throw new AppError('BAD_OPTION', `${size} images cannot be held out of ${all.size}.`, 'Hold out fewer.');
  const classes = byClass(all.labels);
  const chosen = new Uint8Array(all.size);
  shares(
    classes.map(([, indices]) => indices.length),
    size,
  ).forEach((share, i) => {
    const [label, indices] = classes[i] ?? [0, []];
    for (const place of permutation(fork(at, label), indices.length).subarray(0, share))
      chosen[indices[place] ?? 0] = 1;
  });
  const pick = (flag: number) =>
    subset(
      all,
      Uint32Array.from(chosen.keys()).filter((index) => chosen[index] === flag),
    );
  return { rest: pick(0), held: pick(1) };
}

function byClass(labels: Int32Array): [number, number[]][] {
  const classes = new Map<number, number[]>();
  labels.forEach((label, index) => {
    const known = classes.get(label);
    if (known) known.push(index);
    else classes.set(label, [index]);
  });
  return [...classes].sort(([a], [b]) => a - b);
}

/** `total` shared out in proportion to the counts: rounded down, then one more to those with the largest remainders. */
function shares(counts: readonly number[], total: number): number[] {
  const all = counts.reduce((sum, count) => sum + count, 0);
  const exact = counts.map((count) => (count * total) / Math.max(1, all));
  const out = exact.map(Math.floor);
  const missing = total - out.reduce((sum, share) => sum + share, 0);
  const byRemainder = exact.map((value, i) => [value % 1, i] as const).sort(([a, i], [b, j]) => b - a || i - j);
  for (const [, i] of byRemainder.slice(0, missing)) out[i] = (out[i] ?? 0) + 1;
  return out;
}
