/** A small convolutional network without normalisation layers, for one-channel images and quick experiments. */
import type { Tensor4D } from '@tensorflow/tfjs-core';
import { AppError } from '../lib/errors';
import { list } from '../lib/options';
import { activationLayer, activationOption } from './activations';
import { type ConvolutionPlan, convolution, convolved } from './convolution';
import { flatten, joined, linear, sequence } from './layers';
import { defineModel } from './model';
import { network } from './network';
import { normalisationOptions } from './normalisation';

export const convnet = defineModel({
  id: 'convnet',
  title: 'Small convnet',
  summary: 'Convolutions, then one linear layer; 150,314 weights on 28 x 28 x 1 images with 10 classes.',
  reference: 'Zhu et al. 2021, at small scale',
  options: {
    widths: list([32, 64, 64, 128], 'Channels of each convolution.', { min: 1, max: 4096 }),
    kernels: list([4, 3, 3, 3], 'Filter size of each convolution.', { min: 1, max: 15 }),
    strides: list([2, 2, 1, 2], 'Stride of each convolution.', { min: 1, max: 8 }),
    activation: activationOption('leaky-relu'),
    ...normalisationOptions,
  },
  build(options, inputShape, classes) {
    const plans = convolutionPlans(options, inputShape[2]);
    const layers = plans.map((plan, i) => convolution(`conv${i + 1}`, plan));
    const [height, width] = [inputShape[0], inputShape[1]].map((size) =>
      plans.reduce((length, plan) => convolved(length, plan), size),
    );
    const features = (height ?? 0) * (width ?? 0) * (plans.at(-1)?.outputs ?? inputShape[2]);
    if (!(height && width && height > 0 && width > 0))
      throw new AppError(
        'BAD_OPTION',
        `Images of ${inputShape.join(' x ')} are too small for convnet's strides ${options.strides.join(', ')}.`,
      );
    const act = activationLayer<Tensor4D>(options.activation);
    const head = linear('linear', features, classes);
    return network({
      architecture: 'convnet',
      options,
      inputShape,
      classes,
      body: joined(joined(sequence(layers.flatMap((layer) => [layer, act])), flatten), head),
    });
  },
});

function convolutionPlans(
  { widths, kernels, strides }: Record<'widths' | 'kernels' | 'strides', readonly number[]>,
  channels: number,
): ConvolutionPlan[] {
  if (kernels.length !== widths.length || strides.length !== widths.length)
    throw new AppError(
      'BAD_OPTION',
      `convnet has ${widths.length} widths, ${kernels.length} kernels and ${strides.length} strides; it needs as many of each.`,
    );
  if ([...widths, ...kernels, ...strides].some((n) => !Number.isInteger(n)))
    throw new AppError('BAD_OPTION', "convnet's widths, kernels and strides are whole numbers.");
  return widths.map((outputs, i) => {
    const kernel = kernels[i] ?? 1;
    return { inputs: widths[i - 1] ?? channels, outputs, kernel, stride: strides[i] ?? 1, padding: (kernel - 1) >> 1 };
  });
}
