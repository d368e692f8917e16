/** A model from its body: normalises the input, checks its shape, keeps tensors tidy, draws fresh weights by name. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type { ImageShape } from '../data/dataset';
import { AppError } from '../lib/errors';
import type { Values } from '../lib/options';
import { type Layer, joined } from './layers';
import { type Model, evalMode } from './model';
import { type normalisationOptions, normaliser } from './normalisation';

export interface NetworkPlan {
  readonly architecture: string;
  readonly options: Values<typeof normalisationOptions>;
  readonly inputShape: ImageShape;
  readonly classes: number;
  /** From the normalised input to logits. */
  readonly body: Layer<Tensor4D, Tensor2D>;
}

export function network({ body, ...plan }: NetworkPlan): Model {
  const whole = joined(normaliser(plan.options, plan.inputShape[2]), body);
  return {
    ...plan,
    parameters: whole.parameters,
    logits(weights, x, mode = evalMode) {
      const shape = x.shape.slice(1);
      if (shape.some((size, axis) => size !== plan.inputShape[axis]))
        throw new AppError(
          'BAD_DATA',
          `The model takes images of ${plan.inputShape.join(' x ')}; these are ${shape.join(' x ')}.`,
          'Choose a dataset of the size that the model was made for.',
        );
      return tf.tidy(() => whole.apply(x, weights, mode));
    },
    write: whole.write,
    init: (random) => Object.fromEntries(whole.parameters.map(({ name, init }) => [name, init(random.fork(name))])),
  };
}
