/** `lowland metrics transfer`: adversarial images of each model, tried on all of them. */
import { type Values, text } from '../lib/options';
import { defineCommand } from './command';
import { measureOptions } from './measured';

const options = {
  ...measureOptions(1000),
  attack: text('pgd', 'Which attack; its options are set with --set.'),
  eps: text('', "Radius of the ball, as '8/255'; by default the customary one of the images."),
};
export type TransferFlags = Values<typeof options>;

export const transferCommand = defineCommand({
  id: 'metrics transfer',
  summary: 'Try adversarial images crafted on each model on all the others: a matrix of accuracies.',
  examples: [
    'lowland metrics transfer natural at jeat --out transfer.svg',
    'lowland metrics transfer natural at --attack apgd-ce --eps 0.05 --n 200 --json',
  ],
  arguments: [
    { name: 'models...', help: 'Models of the same images: names, .safetensors files, or runs.', required: true },
  ],
  options,
  async run(names, flags, context) {
    const { runTransfer } = await import('./transfer-run');
    return runTransfer(names, flags, context);
  },
});
