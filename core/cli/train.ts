/** `lowland train`: a run folder from a preset, or the rest of an interrupted one. */
import path from 'node:path';
import { type Engine, engineIds } from '../engine/engine';
import { AppError } from '../lib/errors';
import { text } from '../lib/options';
import type { Run } from '../runs/store';
import type { TrainConfiguration } from '../training/configuration';
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
    const { run, configuration } = await opened(options, context);
    const result = await trained(run, configuration, context);
    const report = path.join(run.folder, 'report.html');
    const json = { run: run.folder, weights: path.join(run.folder, 'weights.safetensors'), report, ...result };
    return {
      json,
      text: `Trained ${result.steps} steps: clean ${percent(result.clean)}, PGD ${percent(result.robust)}.\nRun: ${run.folder}\nReport: ${report}`,
    };
  },
});

interface Options {
  readonly preset: string;
  readonly resume: string;
  readonly name: string;
}

async function opened({ preset, resume, name }: Options, context: CommandContext) {
  const { findPreset } = await import('../training/presets');
  const { configureRun, reopenRun } = await import('../host/train/run');
  if (!resume) return configureRun({ ...context, preset: await findPreset(preset), name });
  if (Object.keys(context.set).length > 0 || context.precision) {
    throw new AppError(
      'USAGE',
      'Neither --set nor --precision can change a run that is resumed.',
      'Start a new run with them, or resume without.',
    );
  }
  return reopenRun(resume, context.dataFolder);
}

async function trained(run: Run, configuration: TrainConfiguration, context: CommandContext) {
  const { runTraining } = await import('../host/train/run');
  const { openEngine } = await import('../engine/open');
  const { adoptTuning } = await import('../engine/tuning');
  const { manifest } = run;
  adoptTuning(manifest.versions.threads);
  let engine: Engine | undefined;
  const open = async () =>
    (engine = await openEngine(context.engine ?? engineIds.find((id) => id === manifest.engine)));
  try {
    return await runTraining(run, configuration, { ...context, engine: open });
  } finally {
    await engine?.dispose();
  }
}

const percent = (fraction: number) => `${(100 * fraction).toFixed(1)} %`;
