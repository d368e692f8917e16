/** Finding a model by name: embedded (assets/models), imported (data folder), a .safetensors file, or a run folder. */
import * as tf from '@tensorflow/tfjs-core';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../lib/errors';
import { unknownName } from '../lib/nearest';
import { assetsFolder } from '../lib/paths';
import { type ModelCard, cardFrom, readCard } from './card';
import { type Judged, readAllJudged } from './judged';
import type { Model, Weights } from './model';
import { runWeights } from './run-weights';
import { type Metadata, loadModel } from './weights';

export interface LoadedModel {
  readonly name: string;
  readonly model: Model;
  /** The finder's to dispose. */
  readonly weights: Weights;
  readonly classes: readonly string[];
  /** Id of the dataset it was trained on; '' where the file does not say. */
  readonly dataset: string;
  readonly card: ModelCard;
}

/** A model file with its name. */
export interface ModelFile {
  readonly name: string;
  readonly file: string;
  readonly source: 'embedded' | 'imported' | 'file' | 'run';
}

export type ListedModel = ModelFile & {
  /** What the last suite found of it. */
  readonly judged?: Judged;
} & ({ readonly card: ModelCard } | { readonly problem: string });

const extension = '.safetensors';
export const importedFolder = (dataFolder: string): string => path.join(dataFolder, 'models');

/** Every named model: embedded first, then imported; one whose card cannot be read has a `problem` instead. */
export async function listModels(dataFolder: string): Promise<ListedModel[]> {
  const known = await readAllJudged(dataFolder);
  return Promise.all(
    (await namedModels(dataFolder)).map(async (each) => {
      const judged = await current(known.get(each.name), each.file);
      const found = { ...each, ...(judged ? { judged } : {}) };
      try {
        return { ...found, card: (await readCard(found.file)) ?? { name: found.name } };
      } catch (error) {
        if (error instanceof AppError) return { ...found, problem: error.message };
        throw error;
      }
    }),
  );
}

/** What was found of weights that have been replaced since is of other weights. */
async function current(judged: Judged | undefined, file: string): Promise<Judged | undefined> {
  const written = judged && (await stat(file).catch(() => undefined))?.mtimeMs;
  return written !== undefined && judged && written <= Date.parse(judged.date) ? judged : undefined;
}

/**
 * A model by its name ('fashion/jeat', or 'jeat' where only one ends so), a .safetensors path, a run folder (its result, else its
 * newest checkpoint) or the name of a run.
 * @throws AppError UNKNOWN_NAME with the nearest name, NOT_FOUND, BAD_FILE, BAD_WEIGHTS.
 */
export async function findModel(name: string, dataFolder: string): Promise<LoadedModel> {
  const found = await locateModel(name, dataFolder);
  const { model, weights, metadata } = await loadModel(found.file);
  try {
    const card = await cardOf(found, model, metadata);
    return { name: found.name, model, weights, classes: card.classes, dataset: card.dataset, card };
  } catch (error) {
    tf.dispose({ ...weights });
    throw error;
  }
}

/** The card beside the weights over what the weights say of themselves. @throws AppError BAD_FILE for a card that is none. */
export async function cardOf(
  { name, file }: ModelFile,
  model: Model,
  metadata: Metadata,
): Promise<ModelCard & { classes: string[]; dataset: string }> {
  const own = cardFrom(name, model, metadata);
  const beside = await readCard(file);
  const classes = beside?.classes?.length === model.classes ? beside.classes : own.classes;
  return { ...own, ...beside, name, classes, dataset: beside?.dataset ?? own.dataset };
}

/** Where the model of that name is. @throws AppError UNKNOWN_NAME with the nearest name, NOT_FOUND for a run without weights. */
export async function locateModel(name: string, dataFolder: string): Promise<ModelFile> {
  if (name.endsWith(extension))
    return { name: path.basename(name, extension), file: path.resolve(name), source: 'file' };
  const known = await namedModels(dataFolder);
  const exact = known.find((model) => model.name === name);
  const ending = known.filter((model) => last(model.name) === name);
  const [only, ...others] = exact ? [exact] : ending;
  if (only && others.length === 0) return only;
  if (only)
    throw new AppError(
      'UNKNOWN_NAME',
      `'${name}' may be any of ${ending.map((model) => model.name).join(', ')}.`,
      'Give the whole name.',
    );
  const run = await runWeights(name, dataFolder);
  if (run) return { name: path.basename(path.resolve(name)), file: run, source: 'run' };
  throw unknownName(
    'model',
    name,
    known.flatMap((model) => [...new Set([model.name, last(model.name)])]),
  );
}

const last = (name: string): string => name.split('/').at(-1) ?? name;

async function namedModels(dataFolder: string): Promise<ModelFile[]> {
  return [
    ...(await filesBelow(path.join(assetsFolder, 'models'), 'embedded')),
    ...(await filesBelow(importedFolder(dataFolder), 'imported')),
  ];
}

async function filesBelow(folder: string, source: ModelFile['source'], prefix = ''): Promise<ModelFile[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const found = await Promise.all(
    entries.map(async (entry): Promise<ModelFile[]> => {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory()) return filesBelow(file, source, `${prefix}${entry.name}/`);
      return entry.name.endsWith(extension)
        ? [{ name: prefix + entry.name.slice(0, -extension.length), file, source }]
        : [];
    }),
  );
  return found.flat().sort((a, b) => (a.name < b.name ? -1 : 1));
}
