/**
 * Names that papers and RobustBench give to networks on CIFAR: an architecture of ours with its options. What they do to pixels before
 * (normalisation) differs from file to file, and is not part of the name, but for the dm- forms, which have it inside.
 */
import { resolve } from '../lib/options';
import { unknownName } from '../lib/nearest';
import { matchByName } from './checkpoints/match';
import { buildModel, modelRegistry } from './registry';
import type { RawTensor } from './safetensors';

export interface Published {
  readonly architecture: string;
  readonly options: Readonly<Record<string, unknown>>;
}

const wide = (depth: number, width: number): Published => ({
  architecture: 'wrn',
  options: { depth, width, norm: 'batch', activation: 'relu' },
});
const deepMind = (depth: number, width: number): Published => ({ architecture: 'dm-wrn', options: { depth, width } });

export const published: Readonly<Record<string, Published>> = {
  'wrn-28-10': wide(28, 10),
  'wrn-34-10': wide(34, 10),
  'wrn-34-20': wide(34, 20),
  'wrn-70-16': wide(70, 16),
  'dm-wrn-28-10': deepMind(28, 10),
  'dm-wrn-34-10': deepMind(34, 10),
  'dm-wrn-34-20': deepMind(34, 20),
  'dm-wrn-70-16': deepMind(70, 16),
  'preact-resnet18-bn': { architecture: 'preact-resnet18', options: { finalNorm: true } },
  'preact-resnet18-robustbench': { architecture: 'preact-resnet18', options: { shortcut: 'input' } },
};

/**
 * The architecture of a published name, or one of ours, with all its options: those given over the name's own over the defaults.
 * @throws AppError UNKNOWN_NAME with the nearest of both, BAD_OPTION.
 */
export function formOf(name: string, given: Readonly<Record<string, unknown>>): Published {
  const { architecture, options } = (Object.hasOwn(published, name) ? published[name] : undefined) ?? {
    architecture: name,
    options: {},
  };
  if (!modelRegistry.ids.includes(architecture))
    throw unknownName('architecture', name, [...modelRegistry.ids, ...Object.keys(published)]);
  return {
    architecture,
    options: resolve(modelRegistry.get(architecture).options, { ...options, ...given }, architecture),
  };
}

/** The names whose tensors these are, on images of CIFAR. */
export function publishedWith(tensors: Readonly<Record<string, RawTensor>>): string[] {
  const plain = ['resnet18', 'resnet50', 'preact-resnet18', 'dm-preact-resnet18'];
  return [...Object.keys(published), ...plain].filter((name) => {
    const { architecture, options } = formOf(name, {});
    const model = (classes: number) => buildModel(architecture, options, [32, 32, 3], classes);
    const head = model(10).parameters.at(-1)?.name ?? '';
    const bias = Object.entries(tensors).find(([each]) => each === head || each.endsWith(`.${head}`));
    const classes = bias?.[1].shape[0] ?? 0;
    if (classes < 1 || classes > 100_000) return false;
    return matchByName(model(classes), tensors) !== undefined;
  });
}
