/** ResNet-50 (He et al. 2016a) of bottleneck blocks, with the 3x3 stem for small images; names as in pytorch-cifar. */
import { bottleneckBlock } from './blocks';
import { defineModel } from './model';
import { network } from './network';
import { resnetBody, resnetOptions } from './resnet18';

export const resnet50 = defineModel({
  id: 'resnet50',
  title: 'ResNet-50',
  summary:
    'Residual network of bottleneck blocks with a 3x3 stem; 23,520,842 weights on 32 x 32 x 3 images with 10 classes.',
  reference: 'arXiv 1512.03385',
  options: resnetOptions,
  build(options, inputShape, classes) {
    const form = { counts: [3, 4, 6, 3], expansion: 4, block: bottleneckBlock };
    const body = resnetBody(options, inputShape, classes, form);
    return network({ architecture: 'resnet50', options, inputShape, classes, body });
  },
});
