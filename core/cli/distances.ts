/** `lowland metrics distances`: how far the nearest adversarial images are. */
import { type Values, text } from '../lib/options';
import { defineCommand } from './command';
import { measureOptions } from './measured';

const options = {
  ...measureOptions(200),
  attacks: text(
    'fab-t',
    'Attacks that look for the smallest perturbation, separated by commas; options are set with --set.',
  ),
};
export type DistanceFlags = Values<typeof options>;

export const distancesCommand = defineCommand({
  id: 'metrics distances',
  summary: 'Measure how far the nearest adversarial images are: a histogram of smallest perturbations.',
  examples: [
    'lowland metrics distances jeat --out distances.svg',
    'lowland metrics distances at --attacks fab --n 100 --set norm=l2 --json',
  ],
  arguments: [{ name: 'model', help: 'A name, a .safetensors file, or a run.', required: true }],
  options,
  async run([name = ''], flags, context) {
    const { runDistances } = await import('./distances-run');
    return runDistances(name, flags, context);
  },
});
