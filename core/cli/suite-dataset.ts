/** The dataset that a model was trained on, as its card or its weights say. */
import { cardOf, locateModel } from '../models/library';
import { readDescribed } from '../models/weights';
import type { CommandContext } from './command';

export async function datasetOf(name: string, { dataFolder }: Pick<CommandContext, 'dataFolder'>): Promise<string> {
  const located = await locateModel(name, dataFolder);
  const { model, metadata } = await readDescribed(located.file);
  return (await cardOf(located, model, metadata)).dataset;
}
