/**
 * Wide residual networks as Gowal et al. (2020) publish them and RobustBench names them (init_conv, layer.0.block.0.batchnorm_0,
 * logits): silu, the normalisation of CIFAR-10 inside the network, and zeros at the end alone where a convolution has stride 2.
 */
import type { ImageShape } from '../data/dataset';
import { AppError } from '../lib/errors';
import { count } from '../lib/options';
import { activationOption } from './activations';
import { type PreactivationForm, normOptions, partsOf, preactivationBlock } from './blocks';
import { normalFanOut } from './init';
import { globalMean, joined, linear, sequence } from './layers';
import { defineModel } from './model';
import { network } from './network';
import { normalisationOptions } from './normalisation';
import { widePlans } from './wrn';

/** Batch norm is part of the form. */
export const dmNorm = { norm: 'batch', groups: 1, bias: 'no' } as const satisfies {
  [K in keyof ReturnType<typeof normOptions>]: unknown;
};

export const dmNormalisation = {
  ...normalisationOptions,
  normalisation: { ...normalisationOptions.normalisation, default: 'cifar10' as const },
};

/** @throws AppError BAD_DATA for images that cannot be halved so many times: the block and its shortcut would differ in size. */
export function checkHalves(shape: ImageShape, times: number, id: string): void {
  const whole = 2 ** times;
  if (shape[0] % whole !== 0 || shape[1] % whole !== 0)
    throw new AppError(
      'BAD_DATA',
      `${id} takes images whose sides are multiples of ${whole}, not ${shape.join(' x ')}.`,
    );
}

const blockForm: PreactivationForm = {
  norms: ['batchnorm_0', 'batchnorm_1'],
  convs: ['conv_0', 'conv_1'],
  shortcut: 'shortcut',
  kernel: 1,
  of: 'activated',
};

export const dmWrn = defineModel({
  id: 'dm-wrn',
  title: 'Wide residual network, DeepMind form',
  summary: "WRN-depth-width with silu and inner normalisation, in the names of RobustBench's DMWideResNet.",
  reference: 'arXiv 2010.03593',
  options: {
    depth: count(28, 'Convolution layers: 6 n + 4, as 28, 34, 70.', { min: 10, max: 130 }),
    width: count(10, 'Factor on 16, 32 and 64 channels.', { min: 1, max: 20 }),
    activation: activationOption('silu'),
    ...dmNormalisation,
  },
  build(options, inputShape, classes) {
    const { depth, width, activation } = options;
    checkHalves(inputShape, 2, 'dm-wrn');
    const parts = partsOf({ ...dmNorm, activation }, { init: normalFanOut, padding: 'end' });
    const features = 64 * width;
    const trunk = sequence([
      parts.conv('init_conv', inputShape[2], 16, 3),
      ...widePlans(depth, width, (stage, block) => `layer.${stage}.block.${block}`).map((plan) =>
        preactivationBlock(plan, parts, blockForm),
      ),
      parts.norm('batchnorm', features),
      parts.act,
    ]);
    return network({
      architecture: 'dm-wrn',
      options,
      inputShape,
      classes,
      body: joined(joined(trunk, globalMean), linear('logits', features, classes)),
    });
  },
});
