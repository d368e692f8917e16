/** `lowland attack`: accuracy and energies of a model, clean and attacked. */
import { type Values, count, text } from '../lib/options';
import { defineCommand } from './command';

const options = {
  attack: text('pgd', 'Which attack; its options are set with --set.'),
  eps: text('', "Radius of the ball, as '8/255'; by default the customary one of the images."),
  n: count(1000, 'Images attacked, from the start of the split.', { min: 1, unit: 'images' }),
  data: text('', 'Dataset; by default the one the model was trained on.'),
  split: text('test', 'train, validation or test.'),
  batch: count(128, 'Images attacked together.', { min: 1, max: 4096, unit: 'images' }),
};
export type AttackFlags = Values<typeof options>;

export const attackCommand = defineCommand({
  id: 'attack',
  summary: 'Attack a model: clean and robust accuracy, and what happens to its energies.',
  examples: [
    'lowland attack jeat --attack pgd --eps 0.1 --n 1000',
    'lowland attack jeat --attack high-energy-pgd --out energies.svg',
    'lowland attack at --attack pgd --set steps=50 --set restarts=5 --set loss=dlr',
  ],
  arguments: [{ name: 'model', help: 'A name, a .safetensors file, or a run.', required: true }],
  options,
  async run([name = ''], flags, context) {
    const { runAttack } = await import('./attack-run');
    return runAttack(name, flags, context);
  },
});
