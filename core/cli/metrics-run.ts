/** The work of `lowland metrics`. */
import * as tf from '@tensorflow/tfjs-core';
import path from 'node:path';
import type { Engine } from '../engine/engine';
import { AppError } from '../lib/errors';
import { type FeatureSpace, classifierSpace, inceptionSpace } from '../metrics/generation/feature-space';
import { measureGeneration } from '../metrics/generation/measure';
import { writeStatistics } from '../metrics/generation/statistics-file';
import { openInception } from '../models/inception/store';
import { findModel } from '../models/library';
import { type CommandContext, type CommandResult, compileOptions } from './command';
import type { MetricsFlags } from './metrics';
import { imagesNamed, referenceNamed } from './metrics-sets';
import { metricsText } from './metrics-text';
import { engineFor } from './open-models';

/** torch-fidelity's, so that without a --seed results are the same as its own. */
const usualSeed = 2020;

export async function runMetrics(flags: MetricsFlags, context: CommandContext): Promise<CommandResult> {
  if (!flags.images)
    throw new AppError(
      'USAGE',
      'There are no images to judge.',
      'Name a folder, an .npz file or a dataset with --images.',
    );
  const images = await imagesNamed(flags.images, context);
  const reference = flags.reference ? await referenceNamed(flags.reference, context) : undefined;
  const { engine, release } = await engineFor(context);
  try {
    const seed = context.seed || usualSeed;
    const space = await spaceNamed(flags.features, engine, context);
    try {
      const { result, moments } = await measureGeneration(space, images, reference, {
        images: flags.n,
        batch: flags.batch,
        seed,
        signal: context.signal,
        tell: (...task) => context.progress.update(...task),
      });
      const statistics = flags.writeStats && path.resolve(flags.writeStats);
      if (statistics) await writeStatistics(statistics, moments);
      const json = { ...result, seed, engine: engine.id, ...(statistics ? { statistics } : {}) };
      return { json, text: metricsText(result, statistics) };
    } finally {
      space.network.dispose();
    }
  } finally {
    await release();
  }
}

async function spaceNamed(name: string, engine: Engine, context: CommandContext): Promise<FeatureSpace> {
  const compile = compileOptions(context);
  if (name === 'inception') return inceptionSpace(await openInception(engine, context.dataFolder, compile));
  const { model, weights, ...found } = await findModel(name, context.dataFolder);
  try {
    return classifierSpace(engine, found.name, model, weights, compile);
  } finally {
    tf.dispose({ ...weights });
  }
}
