/** The models that runs made: their results, or the newest checkpoint of one that has none yet, with what the run measured. */
import path from 'node:path';
import type { ModelRow } from '../../../contract/areas/models';
import { AppError } from '../../../lib/errors';
import { type Json, isJsonObject } from '../../../lib/json';
import { runsFolder } from '../../../lib/paths';
import { type ModelCard, cardFrom } from '../../../models/card';
import { locateModel } from '../../../models/library';
import { runWeights } from '../../../models/run-weights';
import { describedModel } from '../../../models/weights';
import { runNames } from '../../../runs/library';
import { type RunManifest, readManifest } from '../../../runs/manifest';
import { weightsHeader } from './header';

/** By name of the run; those without weights are left out. */
export async function runModels(dataFolder: string): Promise<ModelRow[]> {
  const rows = await Promise.all((await runNames(dataFolder)).map((run) => rowOf(run, dataFolder)));
  return rows.filter((row) => row !== undefined);
}

async function rowOf(run: string, dataFolder: string): Promise<ModelRow | undefined> {
  const folder = path.join(runsFolder(dataFolder), run);
  const name = await callName(run, folder, dataFolder);
  try {
    const file = await runWeights(folder, dataFolder);
    if (!file) return undefined;
    const { metadata } = await weightsHeader(file);
    const card = cardFrom(run, describedModel(metadata, file), metadata);
    const done = path.dirname(file) === folder;
    const measured = done ? measurements(await readManifest(folder)) : {};
    return {
      name,
      source: 'run',
      card: { ...card, ...measured, title: run },
      ...(done ? {} : { checkpoint: path.basename(path.dirname(file)) }),
    };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return error.code === 'NOT_FOUND' ? undefined : { name, source: 'run', problem: error.message };
  }
}

/** The run's name, or its folder where another model takes that name. */
async function callName(run: string, folder: string, dataFolder: string): Promise<string> {
  const found = await locateModel(run, dataFolder).catch(() => undefined);
  return found && found.source !== 'run' ? folder : run;
}

/**
 * What the run measured of its result: on its first validation images, under PGD in linf. A run that keeps its best weights measured
 * others last.
 */
export function measurements({ configuration, results, seed, timings }: RunManifest): Partial<ModelCard> {
  const training = isJsonObject(configuration.training) ? configuration.training : {};
  const [clean, robust, steps] = [results?.clean, results?.robust, results?.steps].map(number);
  const [eps, attackSteps, images] = [training.evaluationEps, training.evaluationSteps, training.evaluationImages].map(
    number,
  );
  const about = { seed, date: timings.updated.slice(0, 10), ...(steps === undefined ? {} : { steps }) };
  if (training.select === 'best' || clean === undefined || robust === undefined) return about;
  if (eps === undefined || attackSteps === undefined || images === undefined) return { ...about, clean };
  return {
    ...about,
    clean,
    robust: { attack: 'pgd', norm: 'linf', eps, steps: attackSteps, accuracy: robust, images },
    measuredOn: `at most ${images} validation images`,
  };
}

const number = (value: Json | undefined): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined;
