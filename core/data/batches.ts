/** Batches by step: the order of an epoch is a permutation by (seed, epoch), so step s needs nothing but s. */
import { type Key, key } from '../lib/key';
import { permutation } from '../lib/philox';
import type { Batch, Split } from './dataset';

/** Images of a split as a host batch, in [0,1]. */
export function gather(split: Split, indices: ArrayLike<number>): Batch {
  const stride = split.shape[0] * split.shape[1] * split.shape[2];
  const scale = split.pixels instanceof Uint8Array ? 1 / 255 : 1;
  const x = new Float32Array(indices.length * stride);
  const y = new Int32Array(indices.length);
  for (let i = 0; i < indices.length; i++) {
    const from = (indices[i] ?? 0) * stride;
    for (let j = 0; j < stride; j++) x[i * stride + j] = (split.pixels[from + j] ?? 0) * scale;
    y[i] = split.labels[indices[i] ?? 0] ?? 0;
  }
  return { x, y, size: indices.length };
}

export const epochOrder = (at: Key, size: number): Uint32Array => permutation(at, size);
