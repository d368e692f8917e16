/** `lowland metrics energies`: what attacks do to the energies of a model, and whether that is what is known of them. */
import { type Values, text } from '../lib/options';
import { defineCommand } from './command';
import { measureOptions } from './measured';

const options = {
  ...measureOptions(500),
  eps: text('', "Linf radius, as '8/255'; by default the customary one of the images."),
  facts: text('', 'Facts that are checked, separated by commas; all by default.'),
};
export type EnergiesFlags = Values<typeof options>;

export const energiesCommand = defineCommand({
  id: 'metrics energies',
  summary: 'Measure E(x) and E(x,y) under several attacks, and check what is known of them.',
  examples: [
    'lowland metrics energies natural',
    'lowland metrics energies jeat --facts pgd,apgd-t --n 200 --out energies.svg --json',
  ],
  arguments: [{ name: 'model', help: 'A name, a .safetensors file, or a run.', required: true }],
  options,
  async run([name = ''], flags, context) {
    const { runEnergies } = await import('./energies-run');
    return runEnergies(name, flags, context);
  },
});
