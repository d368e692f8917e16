/**
 * Wide residual networks WRN-d-k (Zagoruyko & Komodakis 2016) with names as in TRADES' and RobustBench's code
 * (block1.layer.0.conv1, convShortcut). Without norm, convolutions have a bias and PyTorch's default start, as in JEM.
 */
import { AppError } from '../lib/errors';
import { count } from '../lib/options';
import { activationOption } from './activations';
import { normOptions, partsOf, preactivationBlock } from './blocks';
import { normalFanOut, uniformFanIn } from './init';
import { globalMean, linear, sequence } from './layers';
import { defineModel } from './model';
import { network } from './network';
import { normalisationOptions } from './normalisation';

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
    if ((depth - 4) % 6 !== 0)
      throw new AppError(
        'BAD_OPTION',
        `wrn.depth is ${depth}; it must be 6 n + 4.`,
        'For example 10, 16, 28, 34 or 70.',
      );
    const parts = partsOf(options, options.norm === 'none' ? uniformFanIn : normalFanOut);
    const features = 64 * width;
    const trunk = sequence([
      parts.conv('conv1', inputShape[2], 16, 3),
      ...blockPlans((depth - 4) / 6, width).map((plan) => preactivationBlock(plan, parts, 'convShortcut')),
      parts.norm('bn1', features),
    ]);
    const head = linear('fc', features, classes);
    return network({
      architecture: 'wrn',
      options,
      inputShape,
      classes,
      body: {
        parameters: [...trunk.parameters, ...head.parameters],
        apply: (x, weights, mode) => head.apply(globalMean(parts.act(trunk.apply(x, weights, mode))), weights, mode),
      },
    });
  },
});

function blockPlans(perGroup: number, width: number) {
  return [1, 2, 3].flatMap((group) => {
    const outputs = 16 * width * 2 ** (group - 1);
    const before = group === 1 ? 16 : outputs / 2;
    return Array.from({ length: perGroup }, (_, i) => ({
      name: `block${group}.layer.${i}`,
      inputs: i === 0 ? before : outputs,
      outputs,
      stride: i === 0 && group > 1 ? 2 : 1,
    }));
  });
}
