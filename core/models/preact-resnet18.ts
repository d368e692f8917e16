/**
 * PreAct ResNet-18 (He et al. 2016b) with the 3x3 stem; names as in pytorch-cifar, which has no norm before the mean; the form
 * common in adversarial training (Wong et al. 2020) has one, 'bn'.
 */
import { flag } from '../lib/options';
import { preactivationBlock, partsOf } from './blocks';
import { globalMean, linear, sequence } from './layers';
import { defineModel } from './model';
import { network } from './network';
import { resnet18Blocks, resnet18Options } from './resnet18';

export const preactResnet18 = defineModel({
  id: 'preact-resnet18',
  title: 'PreAct ResNet-18',
  summary: 'Pre-activation residual network with a 3x3 stem; 11,171,146 weights on 32 x 32 x 3 images with 10 classes.',
  reference: 'arXiv 1603.05027',
  options: {
    ...resnet18Options,
    finalNorm: flag(false, 'Norm and activation after the last block, before the mean.'),
  },
  build(options, inputShape, classes) {
    const { width, finalNorm } = options;
    const parts = partsOf(options);
    const trunk = sequence([
      parts.conv('conv1', inputShape[2], width, 3),
      ...resnet18Blocks(width).map((plan) => preactivationBlock(plan, parts, 'shortcut.0')),
      ...(finalNorm ? [parts.norm('bn', 8 * width)] : []),
    ]);
    const head = linear('linear', 8 * width, classes);
    return network({
      architecture: 'preact-resnet18',
      options,
      inputShape,
      classes,
      body: {
        parameters: [...trunk.parameters, ...head.parameters],
        apply(x, weights, mode) {
          const last = trunk.apply(x, weights, mode);
          return head.apply(globalMean(finalNorm ? parts.act(last) : last), weights, mode);
        },
      },
    });
  },
});
