/**
 * PreAct ResNet-18 (He et al. 2016b) with the 3x3 stem; names as in pytorch-cifar, which has no norm before the mean; the form
 * common in adversarial training (Wong et al. 2020) has one, 'bn'. RobustBench's takes the shortcut from the block's input.
 */
import { choice, flag } from '../lib/options';
import { preactivationBlock, partsOf, stagePlans } from './blocks';
import { globalMean, identity, joined, linear, sequence } from './layers';
import { defineModel } from './model';
import { network } from './network';
import { layerName, resnetOptions } from './resnet18';

export const preactResnet18 = defineModel({
  id: 'preact-resnet18',
  title: 'PreAct ResNet-18',
  summary: 'Pre-activation residual network with a 3x3 stem; 11,171,146 weights on 32 x 32 x 3 images with 10 classes.',
  reference: 'arXiv 1603.05027',
  options: {
    ...resnetOptions,
    finalNorm: flag(false, 'Norm and activation after the last block, before the mean.'),
    shortcut: choice(
      ['activated', 'input'],
      'activated',
      "What a block's 1x1 convolution takes: its normed and activated input, as in pytorch-cifar, or the input, as in RobustBench.",
    ),
  },
  build(options, inputShape, classes) {
    const { width, finalNorm, shortcut } = options;
    const parts = partsOf(options);
    const form = {
      norms: ['bn1', 'bn2'],
      convs: ['conv1', 'conv2'],
      shortcut: 'shortcut.0',
      kernel: 1,
      of: shortcut,
    } as const;
    const trunk = sequence([
      parts.conv('conv1', inputShape[2], width, 3),
      ...stagePlans([2, 2, 2, 2], width, width, layerName).map((plan) => preactivationBlock(plan, parts, form)),
      finalNorm ? joined(parts.norm('bn', 8 * width), parts.act) : identity,
    ]);
    return network({
      architecture: 'preact-resnet18',
      options,
      inputShape,
      classes,
      body: joined(joined(trunk, globalMean), linear('linear', 8 * width, classes)),
    });
  },
});
