/** ResNet-18 (He et al. 2016a) with the 3x3 stem for small images; names as in pytorch-cifar (layer1.0.conv1, shortcut.0, linear). */
import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type { ImageShape } from '../data/dataset';
import { type Values, count } from '../lib/options';
import { activationOption } from './activations';
import { type BlockPlan, type Parts, normOptions, partsOf, residualBlock, stagePlans } from './blocks';
import { type Layer, globalMean, joined, linear, sequence } from './layers';
import { defineModel } from './model';
import { network } from './network';
import { normalisationOptions } from './normalisation';

export const resnetOptions = {
  width: count(64, 'Channels of the first stage; they double at each of the other three.', { min: 1, max: 512 }),
  ...normOptions('batch'),
  activation: activationOption('relu'),
  ...normalisationOptions,
};

/** Names of pytorch-cifar. */
export const layerName = (stage: number, block: number): string => `layer${stage + 1}.${block}`;

/** Stem, four stages of blocks that end in `expansion` times their width, mean, linear layer. */
export function resnetBody(
  options: Values<typeof resnetOptions>,
  [, , channels]: ImageShape,
  classes: number,
  {
    counts,
    expansion,
    block,
  }: { counts: readonly number[]; expansion: number; block: (plan: BlockPlan, parts: Parts) => Layer },
): Layer<Tensor4D, Tensor2D> {
  const { width } = options;
  const parts = partsOf(options);
  const trunk = sequence([
    parts.conv('conv1', channels, width, 3),
    parts.norm('bn1', width),
    parts.act,
    ...stagePlans(counts, width, expansion * width, layerName).map((plan) => block(plan, parts)),
  ]);
  return joined(joined(trunk, globalMean), linear('linear', 8 * expansion * width, classes));
}

export const resnet18 = defineModel({
  id: 'resnet18',
  title: 'ResNet-18',
  summary: 'Residual network with a 3x3 stem; 11,173,962 weights on 32 x 32 x 3 images with 10 classes.',
  reference: 'arXiv 1512.03385',
  options: resnetOptions,
  build(options, inputShape, classes) {
    const form = { counts: [2, 2, 2, 2], expansion: 1, block: residualBlock };
    const body = resnetBody(options, inputShape, classes, form);
    return network({ architecture: 'resnet18', options, inputShape, classes, body });
  },
});
