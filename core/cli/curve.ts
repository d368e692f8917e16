/** `lowland metrics curve`: accuracy of a model against the radius of attacks. */
import { type Values, choice, text } from '../lib/options';
import { defineCommand } from './command';
import { measureOptions } from './measured';

const options = {
  ...measureOptions(500),
  attacks: text('pgd', 'Attacks, separated by commas; options that they have are set with --set.'),
  eps: text(
    '',
    "Radii, separated by commas, as '2/255,8/255'; by default up to twice the customary one of the images.",
  ),
  norm: choice(['linf', 'l2', 'l1'], 'linf', 'Norm of the ball; not every attack knows l1.'),
};
export type CurveFlags = Values<typeof options>;

export const curveCommand = defineCommand({
  id: 'metrics curve',
  summary: 'Measure accuracy against the radius of attacks.',
  examples: [
    'lowland metrics curve jeat --attacks pgd,fgsm --eps 0.02,0.05,0.1,0.2 --out curve.svg',
    'lowland metrics curve at --norm l2 --n 200 --set steps=50 --json',
  ],
  arguments: [{ name: 'model', help: 'A name, a .safetensors file, or a run.', required: true }],
  options,
  async run([name = ''], flags, context) {
    const { runCurve } = await import('./curve-run');
    return runCurve(name, flags, context);
  },
});
