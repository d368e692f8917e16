/** ResNet-18 (He et al. 2016a) with the 3x3 stem for small images; names as in pytorch-cifar (layer1.0.conv1, shortcut.0, linear). */
import { count } from '../lib/options';
import { activationOption } from './activations';
import { type BlockPlan, normOptions, partsOf, residualBlock } from './blocks';
import { globalMean, linear, sequence } from './layers';
import { defineModel } from './model';
import { network } from './network';
import { normalisationOptions } from './normalisation';

export const resnet18Options = {
  width: count(64, 'Channels of the first stage; they double at each of the other three.', { min: 1, max: 512 }),
  ...normOptions('batch'),
  activation: activationOption('relu'),
  ...normalisationOptions,
};

/** Four stages of two blocks. */
export const resnet18Blocks = (width: number): BlockPlan[] =>
  [1, 2, 3, 4].flatMap((stage) => {
    const outputs = width * 2 ** (stage - 1);
    return [
      { name: `layer${stage}.0`, inputs: stage === 1 ? width : outputs / 2, outputs, stride: stage === 1 ? 1 : 2 },
      { name: `layer${stage}.1`, inputs: outputs, outputs, stride: 1 },
    ];
  });

export const resnet18 = defineModel({
  id: 'resnet18',
  title: 'ResNet-18',
  summary: 'Residual network with a 3x3 stem; 11,173,962 weights on 32 x 32 x 3 images with 10 classes.',
  reference: 'arXiv 1512.03385',
  options: resnet18Options,
  build(options, inputShape, classes) {
    const { width } = options;
    const parts = partsOf(options);
    const stem = sequence([parts.conv('conv1', inputShape[2], width, 3), parts.norm('bn1', width)]);
    const blocks = sequence(resnet18Blocks(width).map((plan) => residualBlock(plan, parts)));
    const head = linear('linear', 8 * width, classes);
    return network({
      architecture: 'resnet18',
      options,
      inputShape,
      classes,
      body: {
        parameters: [stem, blocks, head].flatMap((layer) => layer.parameters),
        apply: (x, weights, mode) =>
          head.apply(globalMean(blocks.apply(parts.act(stem.apply(x, weights, mode)), weights, mode)), weights, mode),
      },
    });
  },
});
