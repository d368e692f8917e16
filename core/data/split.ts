/** Holding a validation split out of the training images, by seed. */
import { key } from '../lib/key';
import { permutation } from '../lib/philox';
import type { Split } from './dataset';

/** Images kept for validation: a twelfth of the training images, at most 5,000. */
export const validationSize = (images: number): number => Math.min(5000, Math.floor(images / 12));

/** The images at these indices, in that order. */
export function subset(split: Split, indices: Uint32Array): Split {
  const stride = split.shape[0] * split.shape[1] * split.shape[2];
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

/** Two disjoint splits that make up `all`: `validation` images chosen by the seed, the others in their order. */
export function holdOut(all: Split, validation: number, seed: number): { train: Split; validation: Split } {
  const order = permutation(key(seed, 'data/validation'), all.size);
  const sorted = (indices: Uint32Array) => subset(all, indices.slice().sort());
  return { train: sorted(order.subarray(validation)), validation: sorted(order.subarray(0, validation)) };
}
