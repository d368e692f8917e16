/** Activations that a model can choose from. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { choice } from '../lib/options';
import type { Layer } from './layers';
import type { Graph } from './onnx/graph';

/**
 * x s(x) with s the sigmoid (Elfwing et al. 2018), whose gradient s (1 + x (1 - s)) is written from x: that of tf.sigmoid keeps its
 * result aside, and cannot be differentiated again.
 */
const silu = tf.customGrad((x, save) => {
  if (!(x instanceof tf.Tensor) || typeof save !== 'function') throw new Error('customGrad passes (tensor, save)');
  save([x]);
  return {
    value: tf.mul(x, tf.sigmoid(x)),
    gradFunc: (dy, [saved = x]) => {
      const s = tf.sigmoid(saved);
      return tf.mul(dy, tf.mul(s, tf.add(tf.mul(saved, tf.sub(1, s)), 1)));
    },
  };
});

const activations = {
  relu: <T extends Tensor>(x: T): T => tf.relu(x),
  'leaky-relu': <T extends Tensor>(x: T): T => tf.leakyRelu(x, 0.2),
  silu: <T extends Tensor>(x: T): T => silu(x) as T,
};

export type Activation = keyof typeof activations;

export const activation = (id: Activation): (<T extends Tensor>(x: T) => T) => activations[id];

/** In ONNX, which has no operator for silu before opset 22. */
const written: Readonly<Record<Activation, (x: string, graph: Graph) => string>> = {
  relu: (x, graph) => graph.node('Relu', [x]),
  'leaky-relu': (x, graph) => graph.node('LeakyRelu', [x], { alpha: 0.2 }),
  silu: (x, graph) => graph.node('Mul', [x, graph.node('Sigmoid', [x])]),
};

export const activationLayer = <T extends Tensor>(id: Activation): Layer<T, T> => ({
  parameters: [],
  apply: activation(id),
  write: written[id],
});

export const activationOption = (value: Activation) =>
  choice(['relu', 'leaky-relu', 'silu'], value, 'Activation; leaky-relu has slope 0.2 below 0.');
