/** The jobs that train: a new run, or the rest of one. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileError } from '../../lib/errors';
import { checkpointFolder } from '../../runs/checkpoints';
import { findRun } from '../../runs/library';
import type { Run } from '../../runs/store';
import type { TrainConfiguration } from '../../training/configuration';
import { findPreset, presetFrom } from '../../training/presets';
import { configureRun, reopenRun, runTraining } from '../train/run';
import type { JobContext, JobWork } from './jobs';

export const trainJob: JobWork<'train'> = async ({ preset, file, name, overrides, seed, from }, context) => {
  const { dataFolder } = context.desk;
  const start = from ? { start: await startOf(from, dataFolder) } : {};
  const opened = await configureRun({
    preset: file === undefined ? await findPreset(preset) : presetFrom(file, preset),
    name,
    set: overrides,
    seed,
    dataFolder,
    ...start,
  });
  await trainInto(opened, context);
};

export const resumeJob: JobWork<'resume'> = async ({ run }, context) =>
  trainInto(await reopenRun(run, context.desk.dataFolder), context);

async function trainInto(
  { run, configuration }: { run: Run; configuration: TrainConfiguration },
  { desk, progress, signal, target }: JobContext,
): Promise<void> {
  target(path.basename(run.folder));
  await runTraining(run, configuration, { dataFolder: desk.dataFolder, progress, signal, engine: desk.engine });
}

/** The weights of a run's checkpoint. @throws AppError NOT_FOUND. */
async function startOf({ run, step }: { run: string; step: number }, dataFolder: string) {
  const file = path.join(checkpointFolder(await findRun(run, dataFolder), step), 'weights.safetensors');
  const weights = await readFile(file).catch((error: unknown) => {
    throw fileError(error, file, 'start from a checkpoint');
  });
  return { weights, parent: `${run} at step ${step}` };
}
