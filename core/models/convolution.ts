/**
 * Convolutions with the padding of PyTorch: a frame of zeros of a given width, on every side or more at the end (TensorFlow's 'same'
 * depends on the size of the image).
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import { type Init, uniformFanIn } from './init';
import { type Layer, weightOf } from './layers';

export interface ConvolutionPlan {
  readonly inputs: number;
  readonly outputs: number;
  readonly kernel: number;
  readonly stride?: number;
  /** Zeros on every side, or at the start and the end of each axis. */
  readonly padding?: number | readonly [before: number, after: number];
  readonly bias?: boolean;
  readonly init?: Init;
}

const frameOf = ({ padding = 0 }: Pick<ConvolutionPlan, 'padding'>): readonly [before: number, after: number] =>
  typeof padding === 'number' ? [padding, padding] : padding;

export function convolution(name: string, plan: ConvolutionPlan): Layer {
  const { inputs, outputs, kernel, stride = 1, bias = true, init = uniformFanIn } = plan;
  const [before, after] = frameOf(plan);
  const shape = [kernel, kernel, inputs, outputs];
  const fanIn = kernel * kernel * inputs;
  const weight = { name: `${name}.weight`, shape, trainable: true, init: init(shape, fanIn) };
  const added = { name: `${name}.bias`, shape: [outputs], trainable: true, init: uniformFanIn([outputs], fanIn) };
  const parameters = bias ? [weight, added] : [weight];
  return {
    parameters,
    apply(x, weights) {
      const filter = weightOf<Tensor4D>(weights, weight.name);
      const same = [x.shape[1], x.shape[2]].every((size) => isSame(size, plan));
      const framed = same || before + after === 0 ? x : tf.pad(x, [[0, 0], [before, after], [before, after], [0, 0]]); // prettier-ignore
      const y = tf.conv2d(framed, filter, stride, same ? 'same' : 'valid');
      return bias ? tf.add<Tensor4D>(y, weightOf(weights, added.name)) : y;
    },
    write: (x, graph) =>
      graph.node('Conv', [x, ...parameters.map((parameter) => parameter.name)], {
        kernel_shape: [kernel, kernel],
        strides: [stride, stride],
        pads: [before, before, after, after],
      }),
  };
}

/** Whether 'same' padding is the one asked for at this size: then no padded copy is needed. */
function isSame(size: number, plan: ConvolutionPlan): boolean {
  const { kernel, stride = 1 } = plan;
  const [before, after] = frameOf(plan);
  const steps = Math.ceil(size / stride);
  const zeros = Math.max((steps - 1) * stride + kernel - size, 0);
  return zeros === before + after && before === Math.floor(zeros / 2) && steps === convolved(size, plan);
}

/** The size of an axis after a convolution. */
export function convolved(size: number, plan: Pick<ConvolutionPlan, 'kernel' | 'stride' | 'padding'>): number {
  const { kernel, stride = 1 } = plan;
  const [before, after] = frameOf(plan);
  return Math.floor((size + before + after - kernel) / stride) + 1;
}
