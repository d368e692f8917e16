/** Taking a weights file of others into the library: names made ours, checked against an architecture, written with a card. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { writeAtomic } from '../lib/atomic';
import { AppError } from '../lib/errors';
import { type ModelCard, cardFrom } from './card';
import { checkFit } from './fit';
import { importedFolder } from './library';
import type { Model } from './model';
import { type RawTensor, decodeSafetensors, encodeSafetensors } from './safetensors';
import { type Metadata, describeModel, describedModel, isUnused, readWeightsFile } from './weights';

export interface ImportRequest {
  /** Of a safetensors file. */
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
export async function importWeights({
  bytes,
  where,
  name,
  dataFolder,
  ...request
}: ImportRequest): Promise<{ file: string; card: ModelCard }> {
  if (!/^\w[\w.-]{0,99}$/.test(name))
    throw new AppError('USAGE', `'${name}' is no name for a model.`, "Use letters, digits, '.', '_' and '-'.");
  const target = path.join(importedFolder(dataFolder), `${name}.safetensors`);
  if (existsSync(target))
    throw new AppError('USAGE', `There is a model '${name}' already.`, `Choose another --name, or remove '${target}'.`);
  const stored = decodeSafetensors(bytes, where, isUnused);
  const metadata = { ...stored.metadata, ...request.metadata };
  const model = request.model ?? describedModel(stored.metadata, where);
  const tensors = withoutWrapper(stored.tensors);
  checkFit(model, tensors, where);
  const card = { ...cardFrom(name, model, metadata), title: name };
  await writeAtomic(target.replace(/\.safetensors$/, '.json'), `${JSON.stringify(card, null, 2)}\n`);
  await writeAtomic(target, encodeSafetensors(tensors, { ...metadata, ...describeModel(model) }));
  return { file: target, card };
}

/** torch.nn.DataParallel puts 'module.' before every name. */
function withoutWrapper(tensors: Readonly<Record<string, RawTensor>>): Record<string, RawTensor> {
  const entries = Object.entries(tensors);
  const wrapped = entries.every(([name]) => name.startsWith('module.'));
  return Object.fromEntries(wrapped ? entries.map(([name, raw]) => [name.slice('module.'.length), raw]) : entries);
}
