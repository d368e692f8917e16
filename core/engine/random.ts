/** Random tensors whose words come from Philox on the host; engines whose memory is the host's (wasm, cpu) draw this way. */
import * as tf from '@tensorflow/tfjs-core';
import { type Key, fork, later } from '../lib/key';
import { normals, uniforms } from '../lib/philox';
import type { Random } from './engine';

export function hostRandom(key: Key): Random {
  const size = (shape: readonly number[]) => shape.reduce((product, n) => product * n, 1);
  return {
    uniform(shape, low = 0, high = 1) {
      const values = uniforms(fork(key, 'uniform'), size(shape));
      if (low !== 0 || high !== 1)
        for (let i = 0; i < values.length; i++) values[i] = low + (high - low) * (values[i] ?? 0);
      return tf.tensor(values, [...shape], 'float32');
    },
    normal: (shape) => tf.tensor(normals(fork(key, 'normal'), size(shape)), [...shape], 'float32'),
    fork: (name) => hostRandom(fork(key, name)),
    later: (by) => hostRandom(later(key, by)),
  };
}
