/** Activations that a model can choose from. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { choice } from '../lib/options';

const activations = {
  relu: <T extends Tensor>(x: T): T => tf.relu(x),
  'leaky-relu': <T extends Tensor>(x: T): T => tf.leakyRelu(x, 0.2),
  silu: <T extends Tensor>(x: T): T => tf.mul<T>(x, tf.sigmoid(x)),
};

export type Activation = keyof typeof activations;

export const activation = (id: Activation): (<T extends Tensor>(x: T) => T) => activations[id];

export const activationOption = (value: Activation) =>
  choice(['relu', 'leaky-relu', 'silu'], value, 'Activation; leaky-relu has slope 0.2 below 0.');
