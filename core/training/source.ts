/** Training batches by step: which images, in which order and how augmented, is a function of (seed, step) alone. */
import { epochOrder, gather } from '../data/batches';
import type { Batch, Split } from '../data/dataset';
import { key } from '../lib/key';

/** The last partial batch of an epoch is left out. */
export function batchSource(split: Split, size: number, seed: number): { at(step: number): Batch } {
  const perEpoch = Math.floor(split.size / size);
  let order: { epoch: number; indices: Uint32Array } | undefined;
  return {
    at(step) {
      const epoch = Math.floor(step / perEpoch);
      if (order?.epoch !== epoch) order = { epoch, indices: epochOrder(key(seed, 'data/order', epoch), split.size) };
      const from = (step % perEpoch) * size;
      return gather(split, order.indices.subarray(from, from + size));
    },
  };
}
