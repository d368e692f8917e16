/** What the commands on finished models share: the engine and models opened and closed, the dataset a model was trained on. */
import * as tf from '@tensorflow/tfjs-core';
import type { Dataset } from '../data/dataset';
import { loadDataset } from '../data/load';
import type { Engine } from '../engine/engine';
import { openEngine } from '../engine/open';
import { AppError } from '../lib/errors';
import { type LoadedModel, findModel } from '../models/library';
import { type Classifier, classifier } from '../models/model';
import type { CommandContext } from './command';

export interface OpenModel extends Pick<LoadedModel, 'name' | 'classes' | 'dataset' | 'card'> {
  readonly classifier: Classifier;
}

/** As many opened models as there are names, the first always there. */
type OpenModels = readonly [OpenModel, ...OpenModel[]];

interface Opened {
  readonly engine: Engine;
  readonly models: OpenModels;
  close(): Promise<void>;
}

/** The command's engine, and what the command does when it no longer needs it. */
export async function engineFor({
  engine: id,
  opened,
}: CommandContext): Promise<{ engine: Engine; release: () => Promise<void> }> {
  if (opened) return { engine: await opened(), release: () => Promise.resolve() };
  const engine = await openEngine(id);
  return { engine, release: () => engine.dispose() };
}

/** Opens the engine and the models; the caller closes them. @throws what findModel throws. */
export async function openModels(names: readonly [string, ...string[]], context: CommandContext): Promise<Opened> {
  const { engine, release } = await engineFor(context);
  const loaded: LoadedModel[] = [];
  const open = async (name: string): Promise<OpenModel> => {
    const found = await findModel(name, context.dataFolder);
    loaded.push(found);
    return { ...found, classifier: classifier(found.model, found.weights) };
  };
  const close = async () => {
    for (const { weights } of loaded) tf.dispose(Object.values(weights));
    await release();
  };
  try {
    const [first, ...others] = names;
    const models: [OpenModel, ...OpenModel[]] = [await open(first)];
    for (const name of others) models.push(await open(name));
    return { engine, models, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Opens the engine and the models, hands them over, and closes them whatever happens. @throws what findModel throws. */
export async function withModels<T>(
  names: readonly [string, ...string[]],
  context: CommandContext,
  use: (engine: Engine, models: OpenModels) => Promise<T>,
): Promise<T> {
  const { engine, models, close } = await openModels(names, context);
  try {
    return await use(engine, models);
  } finally {
    await close();
  }
}

/**
 * The dataset asked for, else the one the model was trained on.
 * @throws AppError BAD_OPTION when the model does not say, BAD_DATA when the images or classes do not fit the model.
 */
export async function datasetFor(
  { name, dataset, classifier }: OpenModel,
  asked: string,
  context: CommandContext,
): Promise<Dataset> {
  const id = asked || dataset;
  if (!id)
    throw new AppError('BAD_OPTION', `'${name}' does not say what it was trained on.`, 'Name a dataset with --data.');
  const data = await loadDataset(id, { dataFolder: context.dataFolder });
  const [wanted, given] = [classifier.inputShape.join('x'), data.shape.join('x')];
  if (wanted !== given || data.classes.length !== classifier.classes)
    throw new AppError(
      'BAD_DATA',
      `'${name}' takes ${wanted} images of ${classifier.classes} classes; '${id}' has ${given} images of ${data.classes.length}.`,
      'Choose another dataset with --data.',
    );
  return data;
}
