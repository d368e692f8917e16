/**
 * Random tensors drawn by TensorFlow itself: StatelessRandomUniform and StatelessRandomNormal (Philox 4x32-10), seeded by an int32
 * pair made of the key. The step moves the second word, so all steps of a stream differ; 64 bits of (seed, stream) stay.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend';
import { type Key, fork, keyWords, later } from '../lib/key';
import type { Random } from './engine';

/** The seed pair of a key, as int32. */
export function seedPair(key: Key): [number, number] {
  const [low, high] = keyWords(key);
  return [low | 0, (high + Math.imul(key.step, 0x9e3779b9)) | 0];
}

/** The seed pair of a key as a tensor: int32 [2]. */
export type SeedOf = (key: Key) => tf.Tensor;

export const seedTensor: SeedOf = (key) => tf.tensor1d(seedPair(key), 'int32');

/** `seedOf` makes the seeds; a recorder makes them inputs of its graph. */
export const nativeRandom =
  (backend: NodeJSKernelBackend, seedOf: SeedOf = seedTensor) =>
  (key: Key): Random => ({
    uniform: (shape, low = 0, high = 1) =>
      tf.tidy(() => {
        const unit = draw(backend, 'StatelessRandomUniform', shape, seedOf(fork(key, 'uniform')));
        return low === 0 && high === 1 ? unit : tf.add(tf.mul(unit, high - low), low);
      }),
    normal: (shape) => tf.tidy(() => draw(backend, 'StatelessRandomNormal', shape, seedOf(fork(key, 'normal')))),
    fork: (name) => nativeRandom(backend, seedOf)(fork(key, name)),
    later: (by) => nativeRandom(backend, seedOf)(later(key, by)),
  });

function draw(
  backend: NodeJSKernelBackend,
  op: 'StatelessRandomUniform' | 'StatelessRandomNormal',
  shape: readonly number[],
  seed: tf.Tensor,
): tf.Tensor {
  const { TF_ATTR_TYPE: type, TF_FLOAT: float, TF_INT32: int } = backend.binding;
  return tf.tidy(() =>
    backend.executeSingleOutput(
      op,
      [
        { name: 'dtype', type, value: float },
        { name: 'T', type, value: int },
        { name: 'Tseed', type, value: int },
      ],
      [tf.tensor1d([...shape], 'int32'), seed],
    ),
  );
}
