/**
 * Batch norm (Ioffe & Szegedy 2015) and group norm (Wu & He 2018) in plain ops, with PyTorch's constants: eps 1e-5, momentum 0.1,
 * running variance unbiased. A pass in 'eval' mode uses the running statistics, one in 'train' mode those of the batch.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import { AppError } from '../lib/errors';
import { filled } from './init';
import { type Layer, weightOf } from './layers';
import type { Mode, Parameter, Weights } from './model';

const epsilon = 1e-5;
const momentum = 0.1;

const constant = (name: string, channels: number, value: number, trainable = true): Parameter => ({
  name,
  shape: [channels],
  trainable,
  init: filled([channels], value),
});

const affine = (name: string, channels: number): Parameter[] => [
  constant(`${name}.weight`, channels, 1),
  constant(`${name}.bias`, channels, 0),
];

export function batchNorm(name: string, channels: number): Layer {
  return {
    parameters: [
      ...affine(name, channels),
      constant(`${name}.running_mean`, channels, 0, false),
      constant(`${name}.running_var`, channels, 1, false),
    ],
    apply(x, weights, mode) {
      const { mean, variance } = mode.norm === 'train' ? tf.moments(x, [0, 1, 2]) : running(name, weights);
      if (mode.norm === 'train') collectRunning(name, weights, mode, x, mean, variance);
      const scale = tf.mul(tf.rsqrt(tf.add(variance, epsilon)), weightOf(weights, `${name}.weight`));
      return tf.add(tf.mul(tf.sub(x, mean), scale), weightOf<Tensor1D>(weights, `${name}.bias`));
    },
    write: (x, graph) =>
      graph.node(
        'BatchNormalization',
        [x, ...['weight', 'bias', 'running_mean', 'running_var'].map((part) => `${name}.${part}`)],
        { epsilon },
      ),
  };
}

const running = (name: string, weights: Weights) => ({
  mean: weightOf<Tensor1D>(weights, `${name}.running_mean`),
  variance: weightOf<Tensor1D>(weights, `${name}.running_var`),
});

/** Reports new = (1 - momentum) old + momentum batch, for both statistics. */
function collectRunning(name: string, weights: Weights, mode: Mode, x: Tensor4D, mean: Tensor, variance: Tensor): void {
  if (!mode.collect) return;
  const count = x.size / x.shape[3];
  const old = running(name, weights);
  const moved = (from: Tensor, to: Tensor) => tf.add(tf.mul(from, 1 - momentum), tf.mul(to, momentum));
  mode.collect(`${name}.running_mean`, moved(old.mean, mean));
  mode.collect(`${name}.running_var`, moved(old.variance, tf.mul(variance, count / Math.max(1, count - 1))));
}

/** @throws AppError BAD_OPTION when the groups do not divide the channels. */
export function groupNorm(name: string, channels: number, groups: number): Layer {
  if (channels % groups !== 0)
    throw new AppError(
      'BAD_OPTION',
      `Group norm with ${groups} groups cannot divide the ${channels} channels of ${name}.`,
    );
  return {
    parameters: affine(name, channels),
    apply(x, weights) {
      const [n, height, width] = x.shape;
      const grouped = tf.reshape(x, [n, height * width, groups, channels / groups]);
      const { mean, variance } = tf.moments(grouped, [1, 3], true);
      const normal = tf.mul(tf.sub(grouped, mean), tf.rsqrt(tf.add(variance, epsilon)));
      const scaled = tf.mul(tf.reshape(normal, x.shape), weightOf(weights, `${name}.weight`));
      return tf.add(scaled, weightOf<Tensor1D>(weights, `${name}.bias`));
    },
    // ONNX has group norm since opset 18; before, it is instance norm of the groups
    write(x, graph) {
      const [ones, zeros] = [1, 0].map((value) => graph.floats([groups], new Array<number>(groups).fill(value)));
      const grouped = graph.node('Reshape', [x, graph.integers([0, groups, -1])]);
      const normal = graph.node('InstanceNormalization', [grouped, ones ?? '', zeros ?? ''], { epsilon });
      const back = graph.node('Reshape', [normal, graph.node('Shape', [x])]);
      const shape = graph.integers([channels, 1, 1]);
      const [scale, shift] = ['weight', 'bias'].map((part) => graph.node('Reshape', [`${name}.${part}`, shape]));
      return graph.node('Add', [graph.node('Mul', [back, scale ?? '']), shift ?? '']);
    },
  };
}
