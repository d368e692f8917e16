/**
 * Wide residual networks WRN-d-k (Zagoruyko & Komodakis 2016) with names as in TRADES' and RobustBench's code
 * (block1.layer.0.conv1, convShortcut). Without norm, convolutions have a bias and PyTorch's default start, as in JEM.
 */
import { AppError } from '../lib/errors';
import { count } from '../lib/options';
import { activationOption } from './activations';
import { type BlockPlan, type PreactivationForm, normOptions, partsOf, preactivationBlock, stagePlans } from './blocks';
import { normalFanOut, uniformFanIn } from './init';
import { globalMean, joined, linear, sequence } from './layers';
import { defineModel } from './model';
import { network } from './network';
import { normalisationOptions } from './normalisation';

const blockForm: PreactivationForm = {
  norms: ['bn1', 'bn2'],
  convs: ['conv1', 'conv2'],
  shortcut: 'convShortcut',
  kernel: 1,
  of: 'activated',
};

export const wrn = defineModel({
  id: 'wrn',
  title: 'Wide residual network',
  summary: 'WRN-depth-width with batch, group or no norm; WRN-28-10 is the usual one on CIFAR-10.',
  reference: 'arXiv 1605.07146',
  options: {
    depth: count(16, 'Convolution layers: 6 n + 4, as 10, 16, 28, 34, 70.', { min: 10, max: 130 }),
    width: count(2, 'Factor on 16, 32 and 64 channels.', { min: 1, max: 20 }),
    ...normOptions('none'),
    activation: activationOption('leaky-relu'),
    ...normalisationOptions,
  },
  build(options, inputShape, classes) {
    const { depth, width } = options;
    const parts = partsOf(options, { init: options.norm === 'none' ? uniformFanIn : normalFanOut });
    const features = 64 * width;
    const trunk = sequence([
      parts.conv('conv1', inputShape[2], 16, 3),
      ...widePlans(depth, width, (stage, block) => `block${stage + 1}.layer.${block}`).map((plan) =>
        preactivationBlock(plan, parts, blockForm),
      ),
      parts.norm('bn1', features),
      parts.act,
    ]);
    const head = linear('fc', features, classes);
    return network({
      architecture: 'wrn',
      options,
      inputShape,
      classes,
      body: joined(joined(trunk, globalMean), head),
    });
  },
});

/** Three stages of (depth - 4) / 6 blocks. @throws AppError BAD_OPTION for a depth that is not 6 n + 4. */
export function widePlans(depth: number, width: number, name: Parameters<typeof stagePlans>[3]): BlockPlan[] {
  const blocks = (depth - 4) / 6;
  if (!Number.isInteger(blocks))
    throw new AppError('BAD_OPTION', `wrn.depth is ${depth}; it must be 6 n + 4.`, 'For example 10, 16, 28, 34 or 70.');
  return stagePlans([blocks, blocks, blocks], 16, 16 * width, name);
}
