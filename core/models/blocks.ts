/**
 * What residual networks are made of: convolutions and norms as the options ask, and the two residual blocks of He et al.
 * (2016a: norm after convolution; 2016b: before).
 */
import * as tf from '@tensorflow/tfjs-core';
import { type Values, choice, count } from '../lib/options';
import { type Activation, activation } from './activations';
import { type Init, uniformFanIn } from './init';
import { type Layer, convolution } from './layers';
import { batchNorm, groupNorm } from './norms';

export const normOptions = (norm: 'none' | 'batch' | 'group') => ({
  norm: choice(['none', 'batch', 'group'], norm, 'Normalisation between layers.'),
  groups: count(8, "Groups of norm 'group'.", { min: 1, max: 1024 }),
  bias: choice(['auto', 'yes', 'no'], 'auto', 'Bias of convolutions; auto gives them one when there is no norm.'),
});
type NormOptions = Values<ReturnType<typeof normOptions>>;

export interface Parts {
  readonly act: ReturnType<typeof activation>;
  /** Kernel 3 with padding 1, or kernel 1 without. */
  conv(name: string, inputs: number, outputs: number, kernel: 1 | 3, stride?: number): Layer;
  norm(name: string, channels: number): Layer;
}

export function partsOf(options: NormOptions & { activation: Activation }, init: Init = uniformFanIn): Parts {
  const { norm, groups } = options;
  const bias = options.bias === 'auto' ? norm === 'none' : options.bias === 'yes';
  return {
    act: activation(options.activation),
    conv: (name, inputs, outputs, kernel, stride = 1) =>
      convolution(name, { inputs, outputs, kernel, stride, padding: (kernel - 1) / 2, bias, init }),
    norm: (name, channels) => {
      if (norm === 'none') return { parameters: [], apply: (x) => x };
      return norm === 'batch' ? batchNorm(name, channels) : groupNorm(name, channels, groups);
    },
  };
}

export interface BlockPlan {
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
  readonly stride: number;
}

const resizes = ({ inputs, outputs, stride }: BlockPlan): boolean => stride !== 1 || inputs !== outputs;

/** act(norm(conv(act(norm(conv(x))))) + shortcut(x)), the shortcut being norm(conv 1x1) where the size changes. */
export function residualBlock(plan: BlockPlan, { act, conv, norm }: Parts): Layer {
  const { name, inputs, outputs, stride } = plan;
  const conv1 = conv(`${name}.conv1`, inputs, outputs, 3, stride);
  const norm1 = norm(`${name}.bn1`, outputs);
  const conv2 = conv(`${name}.conv2`, outputs, outputs, 3);
  const norm2 = norm(`${name}.bn2`, outputs);
  const shortcut = resizes(plan)
    ? [conv(`${name}.shortcut.0`, inputs, outputs, 1, stride), norm(`${name}.shortcut.1`, outputs)]
    : [];
  return {
    parameters: [conv1, norm1, conv2, norm2, ...shortcut].flatMap((layer) => layer.parameters),
    apply(x, weights, mode) {
      const first = act(norm1.apply(conv1.apply(x, weights, mode), weights, mode));
      const second = norm2.apply(conv2.apply(first, weights, mode), weights, mode);
      return act(
        tf.add(
          second,
          shortcut.reduce((value, layer) => layer.apply(value, weights, mode), x),
        ),
      );
    },
  };
}

/** conv(act(norm(conv(a)))) + shortcut with a = act(norm(x)); the shortcut is conv 1x1 of a where the size changes, else x. */
export function preactivationBlock(plan: BlockPlan, { act, conv, norm }: Parts, shortcutName: string): Layer {
  const { name, inputs, outputs, stride } = plan;
  const norm1 = norm(`${name}.bn1`, inputs);
  const conv1 = conv(`${name}.conv1`, inputs, outputs, 3, stride);
  const norm2 = norm(`${name}.bn2`, outputs);
  const conv2 = conv(`${name}.conv2`, outputs, outputs, 3);
  const shortcut = resizes(plan) ? conv(`${name}.${shortcutName}`, inputs, outputs, 1, stride) : undefined;
  return {
    parameters: [norm1, conv1, norm2, conv2, ...(shortcut ? [shortcut] : [])].flatMap((layer) => layer.parameters),
    apply(x, weights, mode) {
      const a = act(norm1.apply(x, weights, mode));
      const first = act(norm2.apply(conv1.apply(a, weights, mode), weights, mode));
      return tf.add(conv2.apply(first, weights, mode), shortcut ? shortcut.apply(a, weights, mode) : x);
    },
  };
}
