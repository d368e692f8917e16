/** `lowland train`: a run folder from a preset, or the rest of an interrupted one. */
import path from 'node:path';
import { AppError } from '../lib/errors';
import { text } from '../lib/options';
import { type CommandContext, defineCommand } from './command';

export const trainCommand = defineCommand({
  id: 'train',
  summary: 'Train a classifier: natural, noise, PGD-AT, FGSM-RS, PreJEAT, JEAT.',
  examples: [
    'lowland train --preset fashion-mini/jeat',
    'lowland train --preset fashion-mini/at --set epochs=2 --set objective.eps=0.05 --seed 1 --out my-run',
    'lowland train --resume my-run',
    'lowland train --resume ./some/folder',
  ],
  arguments: [],
  options: {
    preset: text('fashion-mini/jeat', 'Family and name, as in assets/presets, or a .json file.'),
    resume: text('', 'A run to go on with: its name, or the path of its folder.'),
    name: text('', 'Name of the run; by default from the preset, the seed and the time.'),
  },
  async run(_args, options, context) {
    const { configureRun, runTraining } = await import('./train-run');
    const { run, configuration } = options.resume
      ? await reopen(options.resume, context)
      : await configureRun(options, context);
    const result = await runTraining(run, configuration, context);
    const report = path.join(run.folder, 'report.html');
    const json = { run: run.folder, weights: path.join(run.folder, 'weights.safetensors'), report, ...result };
    return {
      json,
      text: `Trained ${result.steps} steps: clean ${percent(result.clean)}, PGD ${percent(result.robust)}.\nRun: ${run.folder}\nReport: ${report}`,
    };
  },
});

async function reopen(nameOrPath: string, context: CommandContext) {
  const { findRun } = await import('../runs/library');
  const { readManifest, resumeRun } = await import('../runs/store');
  const { parseConfiguration } = await import('../training/configuration');
  if (Object.keys(context.set).length > 0 || context.precision) {
    throw new AppError(
      'USAGE',
      'Neither --set nor --precision can change a run that is resumed.',
      'Start a new run with them, or resume without.',
    );
  }
  const folder = await findRun(nameOrPath, context.dataFolder);
  // Before the run is opened: one that cannot go on stays as it is.
  const configuration = parseConfiguration((await readManifest(folder)).configuration, folder);
  return { run: await resumeRun(folder), configuration };
}

const percent = (fraction: number) => `${(100 * fraction).toFixed(1)} %`;
