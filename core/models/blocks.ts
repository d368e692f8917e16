/**
 * What residual networks are made of: convolutions and norms as the options ask, and the residual blocks of He et al.
 * (2016a: norm after convolution, two or three of them; 2016b: before).
 */
import type { Tensor4D } from '@tensorflow/tfjs-core';
import { type Values, choice, count } from '../lib/options';
import { type Activation, activationLayer } from './activations';
import { convolution } from './convolution';
import { type Init, uniformFanIn } from './init';
import { type Layer, identity, joined, sequence, sum } from './layers';
import { batchNorm, groupNorm } from './norms';

export const normOptions = (norm: 'none' | 'batch' | 'group') => ({
  norm: choice(['none', 'batch', 'group'], norm, 'Normalisation between layers.'),
  groups: count(8, "Groups of norm 'group'.", { min: 1, max: 1024 }),
  bias: choice(['auto', 'yes', 'no'], 'auto', 'Bias of convolutions; auto gives them one when there is no norm.'),
});
type NormOptions = Values<ReturnType<typeof normOptions>>;

export interface Parts {
  readonly act: Layer;
  /** Kernel 3 with padding 1, or kernel 1 without. */
  conv(name: string, inputs: number, outputs: number, kernel: 1 | 3, stride?: number): Layer;
  norm(name: string, channels: number): Layer;
}

/** Where a convolution of stride 2 has its zeros: on both sides, or at the end alone, as TensorFlow has them for even sizes. */
export type Padding = 'both' | 'end';

export function partsOf(
  options: NormOptions & { activation: Activation },
  { init = uniformFanIn, padding = 'both' }: { init?: Init; padding?: Padding } = {},
): Parts {
  const { norm, groups } = options;
  const bias = options.bias === 'auto' ? norm === 'none' : options.bias === 'yes';
  return {
    act: activationLayer<Tensor4D>(options.activation),
    conv(name, inputs, outputs, kernel, stride = 1) {
      const zeros = padding === 'end' && stride === 2 && kernel === 3 ? ([0, 1] as const) : (kernel - 1) / 2;
      return convolution(name, { inputs, outputs, kernel, stride, padding: zeros, bias, init });
    },
    norm: (name, channels) => {
      if (norm === 'none') return identity;
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

/** norm(conv 1x1) where the size changes. */
function projection(plan: BlockPlan, { conv, norm }: Parts): Layer {
  const { name, inputs, outputs, stride } = plan;
  if (!resizes(plan)) return identity;
  return joined(conv(`${name}.shortcut.0`, inputs, outputs, 1, stride), norm(`${name}.shortcut.1`, outputs));
}

/** act(norm(conv(act(norm(conv(x))))) + shortcut(x)). */
export function residualBlock(plan: BlockPlan, parts: Parts): Layer {
  const { name, inputs, outputs, stride } = plan;
  const { act, conv, norm } = parts;
  const main = sequence([
    conv(`${name}.conv1`, inputs, outputs, 3, stride),
    norm(`${name}.bn1`, outputs),
    act,
    conv(`${name}.conv2`, outputs, outputs, 3),
    norm(`${name}.bn2`, outputs),
  ]);
  return joined(sum(main, projection(plan, parts)), act);
}

/** The same with three convolutions of 1x1, 3x3 and 1x1, the first two of a quarter of the channels. */
export function bottleneckBlock(plan: BlockPlan, parts: Parts): Layer {
  const { name, inputs, outputs, stride } = plan;
  const { act, conv, norm } = parts;
  const narrow = outputs / 4;
  const main = sequence([
    conv(`${name}.conv1`, inputs, narrow, 1),
    norm(`${name}.bn1`, narrow),
    act,
    conv(`${name}.conv2`, narrow, narrow, 3, stride),
    norm(`${name}.bn2`, narrow),
    act,
    conv(`${name}.conv3`, narrow, outputs, 1),
    norm(`${name}.bn3`, outputs),
  ]);
  return joined(sum(main, projection(plan, parts)), act);
}

/** Names of a block's parts, and what its shortcut is: a convolution of that size, of a = act(norm(x)) or of x itself. */
export interface PreactivationForm {
  readonly norms: readonly [string, string];
  readonly convs: readonly [string, string];
  readonly shortcut: string;
  readonly kernel: 1 | 3;
  readonly of: 'activated' | 'input';
}

/** conv(act(norm(conv(a)))) + shortcut with a = act(norm(x)); the shortcut is a convolution where the size changes, else x. */
export function preactivationBlock(plan: BlockPlan, { act, conv, norm }: Parts, form: PreactivationForm): Layer {
  const { name, inputs, outputs, stride } = plan;
  const first = joined(norm(`${name}.${form.norms[0]}`, inputs), act);
  const rest = sequence([
    conv(`${name}.${form.convs[0]}`, inputs, outputs, 3, stride),
    norm(`${name}.${form.norms[1]}`, outputs),
    act,
    conv(`${name}.${form.convs[1]}`, outputs, outputs, 3),
  ]);
  if (!resizes(plan)) return sum(joined(first, rest), identity);
  const shortcut = conv(`${name}.${form.shortcut}`, inputs, outputs, form.kernel, stride);
  return form.of === 'activated' ? joined(first, sum(rest, shortcut)) : sum(joined(first, rest), shortcut);
}

/** Stages of blocks, each but the first of half the size and twice the channels; `name` says what a block is called. */
export function stagePlans(
  counts: readonly number[],
  start: number,
  width: number,
  name: (stage: number, block: number) => string,
): BlockPlan[] {
  return counts.flatMap((blocks, stage) => {
    const outputs = width * 2 ** stage;
    return Array.from({ length: blocks }, (_, block) => ({
      name: name(stage, block),
      inputs: block > 0 ? outputs : stage === 0 ? start : outputs / 2,
      outputs,
      stride: block === 0 && stage > 0 ? 2 : 1,
    }));
  });
}
