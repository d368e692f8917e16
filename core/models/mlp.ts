/** A multilayer perceptron, for points in two dimensions: smooth with silu, so that its energy has second derivatives. */
import type { Tensor2D } from '@tensorflow/tfjs-core';
import { count } from '../lib/options';
import { activationLayer, activationOption } from './activations';
import { flatten, joined, linear, sequence } from './layers';
import { defineModel } from './model';
import { network } from './network';
import { normalisationOptions } from './normalisation';

export const mlp = defineModel({
  id: 'mlp',
  title: 'Multilayer perceptron',
  summary: 'Linear layers on the flattened input; for points in two dimensions.',
  reference: 'Rosenblatt 1958',
  options: {
    width: count(64, 'Units of each hidden layer.', { min: 1, max: 4096 }),
    depth: count(3, 'Hidden layers.', { min: 1, max: 32 }),
    activation: activationOption('silu'),
    ...normalisationOptions,
  },
  build(options, inputShape, classes) {
    const { width, depth } = options;
    const inputs = inputShape[0] * inputShape[1] * inputShape[2];
    const hidden = Array.from({ length: depth }, (_, i) => linear(`fc${i + 1}`, i === 0 ? inputs : width, width));
    const head = linear(`fc${depth + 1}`, width, classes);
    const act = activationLayer<Tensor2D>(options.activation);
    return network({
      architecture: 'mlp',
      options,
      inputShape,
      classes,
      body: joined(flatten, sequence([...hidden.flatMap((layer) => [layer, act]), head])),
    });
  },
});
