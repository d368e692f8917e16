/** `lowland metrics ood`: whether a model notices images that are not of its kind. */
import { type Values, text } from '../lib/options';
import { defineCommand } from './command';
import { measureOptions } from './measured';

const options = {
  ...measureOptions(2000),
  against: text(
    'uniform,gaussian,interpolations,constant',
    'Other images, separated by commas: uniform, gaussian, interpolations, constant, or datasets by name.',
  ),
};
export type OodFlags = Values<typeof options>;

export const oodCommand = defineCommand({
  id: 'metrics ood',
  summary: 'Tell a model’s own images from others by its scores: AUROC, AUPR, FPR at 95 % TPR.',
  examples: [
    'lowland metrics ood jeat',
    'lowland metrics ood natural --against fashion-mnist,uniform --n 1000 --out scores.svg --json',
  ],
  arguments: [{ name: 'model', help: 'A name, a .safetensors file, or a run.', required: true }],
  options,
  async run([name = ''], flags, context) {
    const { runOod } = await import('./ood-run');
    return runOod(name, flags, context);
  },
});
