/** Starting values of weights, as PyTorch and the reference networks draw them. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Random } from '../engine/engine';

/** Starting values of one weight, by its shape in tfjs layout and the number of inputs of each output. */
export type Init = (shape: readonly number[], fanIn: number) => (random: Random) => Tensor;

/** PyTorch's default for convolution and linear layers: U(-1/sqrt(fanIn), 1/sqrt(fanIn)). */
export const uniformFanIn: Init = (shape, fanIn) => (random) =>
  random.uniform(shape, -1 / Math.sqrt(fanIn), 1 / Math.sqrt(fanIn));

/** He et al. 2015 by outputs: N(0, 2 / (k k outputs)), as wide residual networks draw their convolutions. */
export const normalFanOut: Init = (shape) => (random) => {
  const [height = 1, width = 1, , outputs = 1] = shape;
  return tf.tidy(() => tf.mul(random.normal(shape), Math.sqrt(2 / (height * width * outputs))));
};

export const filled = (shape: readonly number[], value: number) => (): Tensor => tf.fill([...shape], value);
