/** What a model does first to pixels in [0,1]: (x - mean) / std, channel by channel. */
import * as tf from '@tensorflow/tfjs-core';
import { AppError } from '../lib/errors';
import { type Values, choice, list } from '../lib/options';
import { type Layer, identity } from './layers';

export const normalisationOptions = {
  normalisation: choice(
    ['none', 'signed', 'cifar10', 'explicit'],
    'none',
    'Of the input: none keeps [0,1], signed maps to [-1,1], cifar10 uses its mean and deviation, explicit those given.',
  ),
  mean: list([0], "For 'explicit': one value, or one for each channel."),
  std: list([1], "For 'explicit': one value, or one for each channel.", { min: 1e-6 }),
};
type NormalisationOptions = Values<typeof normalisationOptions>;

const named = {
  none: { mean: [0], std: [1] },
  signed: { mean: [0.5], std: [0.5] },
  cifar10: { mean: [0.4914, 0.4822, 0.4465], std: [0.2471, 0.2435, 0.2616] },
};

/**
 * The layer that the options ask for.
 * @throws AppError BAD_OPTION when there are neither one nor `channels` values.
 */
export function normaliser(options: NormalisationOptions, channels: number): Layer {
  const kind = options.normalisation;
  if (kind === 'none') return identity;
  const { mean, std } = kind === 'explicit' ? options : named[kind];
  for (const values of [mean, std])
    if (values.length !== 1 && values.length !== channels)
      throw new AppError(
        'BAD_OPTION',
        `Normalisation by ${values.join(', ')} needs 1 value or ${channels}, one for each channel.`,
      );
  return {
    parameters: [],
    apply: (x) => tf.div(tf.sub(x, tf.tensor1d([...mean])), tf.tensor1d([...std])),
    write(x, graph) {
      const [centre, scale] = [mean, std].map((values) => graph.floats([1, values.length, 1, 1], values));
      return graph.node('Div', [graph.node('Sub', [x, centre ?? '']), scale ?? '']);
    },
  };
}
