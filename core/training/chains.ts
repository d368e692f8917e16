/** Where JEAT's chains come from and go to: a replay buffer with fresh starts, drawn by key (Du & Mordatch 2019). */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Split } from '../data/dataset';
import { type Key, fork, key } from '../lib/key';
import { integers } from '../lib/philox';
import type { RawTensor } from '../models/safetensors';
import type { ChainPlan } from '../objectives/objective';
import { ReplayBuffer } from '../sampling/buffer';
import { createStart } from '../sampling/starts';

export interface Chains {
  /** Slots drawn for this step, with the tensors that start there; the caller disposes the tensors. */
  draw(at: Key): { slots: Uint32Array; chainX: Tensor; chainY: Tensor };
  put(slots: Uint32Array, samples: Float32Array): void;
  /** A few images of the buffer, for a sample grid. */
  images(n: number): Float32Array;
  readonly size: number;
  serialise(): Record<string, RawTensor>;
  restore(arrays: Readonly<Record<string, RawTensor>>): void;
}

/** A buffer filled with fresh starts of stream 'buffer'. */
export function createChains(plan: ChainPlan, split: Split, classes: number, seed: number): Chains {
  const start = createStart(plan.start, split, classes);
  const labels = Int32Array.from(integers(key(seed, 'buffer/labels'), plan.bufferSize, classes));
  let buffer = new ReplayBuffer(start.draw(key(seed, 'buffer/images'), labels), labels, split.shape);
  return {
    draw(at) {
      const slots = buffer.draw(fork(at, 'slots'), plan.chains);
      const fresh = buffer.fresh(fork(at, 'reinit'), slots, plan.reinit);
      if (fresh.length > 0) buffer.put(fresh, start.draw(fork(at, 'fresh'), buffer.labelsOf(fresh)));
      const { x, y } = buffer.gather(slots);
      return { slots, chainX: tf.tensor(x, [slots.length, ...split.shape]), chainY: tf.tensor1d(y, 'int32') };
    },
    put: (slots, samples) => buffer.put(slots, samples),
    images: (n) => buffer.gather(Uint32Array.from({ length: Math.min(n, plan.bufferSize) }, (_, i) => i)).x,
    size: plan.bufferSize,
    serialise: () => buffer.serialise(),
    restore(arrays) {
      buffer = ReplayBuffer.restore(arrays, split.shape);
    },
  };
}
