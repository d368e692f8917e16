/** `lowland evaluate`: how robust a model is against suites of attacks, resumable and shared among processes; and joining the shares. */
import { versionIds } from '../attacks/versions';
import { suiteIds } from '../contract/areas/suites';
import { type Values, choice, count, flag, text } from '../lib/options';
import { type CommandEntry, defineCommand } from './command';

const options = {
  suite: choice(
    ['none', ...suiteIds],
    'none',
    'Everything at once: robustness, calibration, other images, energies, flatness; with a card and a page.',
  ),
  attacks: text('autoattack', 'Attacks, separated by commas: autoattack, and those that lowland attack knows.'),
  version: choice(versionIds, 'standard', 'Of AutoAttack.'),
  eps: text('', "Radii of the ball, as '2/255,8/255'; by default the customary one of the images."),
  norm: text('linf', 'Norm of the ball.'),
  n: count(0, 'Images, from the start of the split; 0 for 1000, or as many as the suite takes.', { unit: 'images' }),
  data: text('', 'Dataset; by default the one the model was trained on.'),
  split: text('test', 'train, validation or test.'),
  batch: count(128, 'Images attacked together; the verdicts depend on it a little.', {
    min: 1,
    max: 4096,
    unit: 'images',
  }),
  resume: flag(false, 'Go on with the evaluation in --out.'),
  shard: text('', "Only a share of the images, as '0/2' and '1/2'; lowland evaluate merge joins them."),
};
export type EvaluateFlags = Values<typeof options>;

const evaluateCommand = defineCommand({
  id: 'evaluate',
  summary: 'Judge how robust a model is: AutoAttack and other attacks, each on the images that still stand.',
  examples: [
    'lowland evaluate at --attacks autoattack --eps 8/255 --n 500',
    'lowland evaluate at --attacks autoattack,pgd --eps 2/255,8/255 --out judged --set pgd.steps=50',
    'lowland evaluate at --shard 0/2 --out share0',
    'lowland evaluate at --suite quick',
  ],
  arguments: [{ name: 'model', help: 'A name, a .safetensors file, or a run.', required: true }],
  options,
  async run([name = ''], flags, context) {
    if (flags.suite !== 'none') {
      const { runSuite } = await import('./suite-run');
      return runSuite(name, flags.suite, flags, context);
    }
    const { runEvaluate } = await import('./evaluate-run');
    return runEvaluate(name, { ...flags, n: flags.n || 1000 }, context);
  },
});

const mergeCommand = defineCommand({
  id: 'evaluate merge',
  summary: 'Join the shards of an evaluation into its result.',
  examples: ['lowland evaluate merge share0 share1 --out judged'],
  arguments: [{ name: 'folders...', help: 'The --out of each shard.', required: true }],
  options: {},
  async run(folders, _flags, context) {
    const { runMerge } = await import('./evaluate-merge');
    return runMerge(folders, context);
  },
});

export const evaluateCommands: readonly CommandEntry[] = [evaluateCommand, mergeCommand];
