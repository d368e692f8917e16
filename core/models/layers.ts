/**
 * Layers as pure functions with named parameters; strided convolutions pad symmetrically, as PyTorch does (TensorFlow's 'same'
 * pads more at the end), and flattening goes channel by channel, as PyTorch's, so that linear weights fit files unchanged.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { AppError } from '../lib/errors';
import { type Init, uniformFanIn } from './init';
import type { Mode, Parameter, Weights } from './model';

export interface Layer<In extends Tensor = Tensor4D, Out extends Tensor = Tensor4D> {
  readonly parameters: readonly Parameter[];
  apply(x: In, weights: Weights, mode: Mode): Out;
}

/** @throws AppError BAD_WEIGHTS when there is no weight of that name. */
export function weightOf<T extends Tensor>(weights: Weights, name: string): T {
  const weight = weights[name];
  if (!weight) throw new AppError('BAD_WEIGHTS', `The weights hold no '${name}'.`);
  return weight as T;
}

/** Layers one after the other. */
export const sequence = (layers: readonly Layer[]): Layer => ({
  parameters: layers.flatMap((layer) => layer.parameters),
  apply: (x, weights, mode) => layers.reduce((value, layer) => layer.apply(value, weights, mode), x),
});

export interface ConvolutionPlan {
  readonly inputs: number;
  readonly outputs: number;
  readonly kernel: number;
  readonly stride?: number;
  /** Zeros on every side. */
  readonly padding?: number;
  readonly bias?: boolean;
  readonly init?: Init;
}

export function convolution(name: string, plan: ConvolutionPlan): Layer {
  const { inputs, outputs, kernel, stride = 1, padding = 0, bias = true, init = uniformFanIn } = plan;
  const shape = [kernel, kernel, inputs, outputs];
  const parameters = [{ name: `${name}.weight`, shape, trainable: true, init: init(shape, kernel * kernel * inputs) }];
  if (bias)
    parameters.push({
      name: `${name}.bias`,
      shape: [outputs],
      trainable: true,
      init: uniformFanIn([outputs], kernel * kernel * inputs),
    });
  return {
    parameters,
    apply(x, weights) {
      const filter = weightOf<Tensor4D>(weights, `${name}.weight`);
      const same = [x.shape[1], x.shape[2]].every((size) => isSame(size, kernel, stride, padding));
      const framed = same || padding === 0 ? x : tf.pad(x, [[0, 0], [padding, padding], [padding, padding], [0, 0]]); // prettier-ignore
      const y = tf.conv2d(framed, filter, stride, same ? 'same' : 'valid');
      return bias ? tf.add<Tensor4D>(y, weightOf(weights, `${name}.bias`)) : y;
    },
  };
}

/** Whether 'same' padding is the symmetric one at this size: then no padded copy is needed. */
function isSame(size: number, kernel: number, stride: number, padding: number): boolean {
  const steps = Math.ceil(size / stride);
  return (
    Math.max((steps - 1) * stride + kernel - size, 0) === 2 * padding &&
    steps === Math.floor((size + 2 * padding - kernel) / stride) + 1
  );
}

/** The size of an axis after a convolution. */
export const convolved = (size: number, { kernel, stride = 1, padding = 0 }: ConvolutionPlan): number =>
  Math.floor((size + 2 * padding - kernel) / stride) + 1;

export function linear(name: string, inputs: number, outputs: number): Layer<Tensor2D, Tensor2D> {
  return {
    parameters: [
      {
        name: `${name}.weight`,
        shape: [inputs, outputs],
        trainable: true,
        init: uniformFanIn([inputs, outputs], inputs),
      },
      { name: `${name}.bias`, shape: [outputs], trainable: true, init: uniformFanIn([outputs], inputs) },
    ],
    apply: (x, weights) =>
      tf.add<Tensor2D>(tf.matMul(x, weightOf<Tensor2D>(weights, `${name}.weight`)), weightOf(weights, `${name}.bias`)),
  };
}

/** [n, h, w, c] -> [n, c * h * w], in PyTorch's order (c, h, w). */
export function flatten(x: Tensor4D): Tensor2D {
  const [n, height, width, channels] = x.shape;
  const ordered = height * width === 1 || channels === 1 ? x : tf.transpose(x, [0, 3, 1, 2]);
  return tf.reshape(ordered, [n, height * width * channels]);
}

/** [n, h, w, c] -> [n, c]: the mean over the image. */
export const globalMean = (x: Tensor4D): Tensor2D => tf.mean(x, [1, 2]);
