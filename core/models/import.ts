/** Taking a weights file of others into the library: names made ours, checked against an architecture, written with a card. */
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { writeAtomic } from '../lib/atomic';
import { AppError } from '../lib/errors';
import { type ModelCard, cardFrom } from './card';
import { matched } from './checkpoints/match';
import { type OpenedFile, openWeights } from './checkpoints/open';
import { recognised } from './checkpoints/templates';
import { importedFolder } from './library';
import type { Model } from './model';
import { encodeSafetensors } from './safetensors';
import { type Metadata, describeModel, describedModel, readWeightsFile } from './weights';

export interface ImportRequest {
  /** Of a safetensors file, a PyTorch checkpoint or numpy's .npz. */
  readonly bytes: Uint8Array;
  /** What errors call the file. */
  readonly where: string;
  /** Letters, digits, '.', '_' and '-'. */
  readonly name: string;
  readonly dataFolder: string;
  /** What the file holds; undefined where its own metadata say so. */
  readonly model: Model | undefined;
  /** Put over the file's metadata: dataset, classes (a JSON list). */
  readonly metadata: Metadata;
}

export interface Imported {
  readonly file: string;
  readonly card: ModelCard;
  /** How the tensors were found, in sentences. */
  readonly report: readonly string[];
}

/** Imports a file. @throws AppError as `importWeights`, and NOT_FOUND. */
export const importModel = async ({
  file,
  ...request
}: Omit<ImportRequest, 'bytes' | 'where'> & { readonly file: string }): ReturnType<typeof importWeights> =>
  importWeights({ ...request, bytes: await readWeightsFile(file), where: file });

/**
 * Writes the model into the data folder, whole or not at all.
 * @throws AppError USAGE for a bad or taken name, BAD_FILE, BAD_WEIGHTS.
 */
export async function importWeights({ bytes, where, name, dataFolder, ...request }: ImportRequest): Promise<Imported> {
  if (!/^\w[\w.-]{0,99}$/.test(name))
    throw new AppError('USAGE', `'${name}' is no name for a model.`, "Use letters, digits, '.', '_' and '-'.");
  const target = path.join(importedFolder(dataFolder), `${name}.safetensors`);
  if (existsSync(target))
    throw new AppError('USAGE', `There is a model '${name}' already.`, `Choose another --name, or remove '${target}'.`);
  const stored = openWeights(bytes, where);
  const { model, about } = await whatItIs(stored, request.model, where);
  const metadata = { ...stored.metadata, ...about, ...request.metadata };
  const { tensors, report } = matched(model, stored, where);
  const card = { ...cardFrom(name, model, metadata), title: name };
  const encoded = encodeSafetensors(tensors, { ...metadata, ...describeModel(model) });
  const beside = target.replace(/\.safetensors$/, '.json');
  await writeAtomic(beside, `${JSON.stringify(card, null, 2)}\n`);
  try {
    await writeAtomic(target, encoded);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
  return { file: target, card, report };
}

/** The model of a file: as asked, as the file says itself, or the known one that has its tensors. */
async function whatItIs(
  stored: OpenedFile,
  asked: Model | undefined,
  where: string,
): Promise<{ model: Model; about: Metadata }> {
  if (asked) return { model: asked, about: {} };
  if (stored.metadata.architecture !== undefined) return { model: describedModel(stored.metadata, where), about: {} };
  const { template, model } = await recognised(stored.tensors, where);
  return { model, about: { dataset: template.dataset, classes: JSON.stringify(template.classes) } };
}
