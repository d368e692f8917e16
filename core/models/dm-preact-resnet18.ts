/**
 * PreAct ResNet-18 as Gowal et al. (2020) publish it and RobustBench names it (conv_2d, layer_0.0.batchnorm_0, logits): shortcuts of
 * 3x3 on the block's input, zeros at the end alone where a convolution has stride 2, a norm before the mean.
 */
import { count } from '../lib/options';
import { activationOption } from './activations';
import { type PreactivationForm, partsOf, preactivationBlock, stagePlans } from './blocks';
import { checkHalves, dmNorm, dmNormalisation } from './dm-wrn';
import { globalMean, joined, linear, sequence } from './layers';
import { defineModel } from './model';
import { network } from './network';

const blockForm: PreactivationForm = {
  norms: ['batchnorm_0', 'batchnorm_1'],
  convs: ['conv_2d_1', 'conv_2d_2'],
  shortcut: 'shortcut',
  kernel: 3,
  of: 'input',
};

export const dmPreactResnet18 = defineModel({
  id: 'dm-preact-resnet18',
  title: 'PreAct ResNet-18, DeepMind form',
  summary: "PreAct ResNet-18 with silu and inner normalisation, in the names of RobustBench's DMPreActResNet.",
  reference: 'arXiv 2010.03593',
  options: {
    width: count(64, 'Channels of the first stage; they double at each of the other three.', { min: 1, max: 512 }),
    activation: activationOption('silu'),
    ...dmNormalisation,
  },
  build(options, inputShape, classes) {
    const { width, activation } = options;
    checkHalves(inputShape, 3, 'dm-preact-resnet18');
    const parts = partsOf({ ...dmNorm, activation }, { padding: 'end' });
    const trunk = sequence([
      parts.conv('conv_2d', inputShape[2], width, 3),
      ...stagePlans([2, 2, 2, 2], width, width, (stage, block) => `layer_${stage}.${block}`).map((plan) =>
        preactivationBlock(plan, parts, blockForm),
      ),
      parts.norm('batchnorm', 8 * width),
      parts.act,
    ]);
    return network({
      architecture: 'dm-preact-resnet18',
      options,
      inputShape,
      classes,
      body: joined(joined(trunk, globalMean), linear('logits', 8 * width, classes)),
    });
  },
});
