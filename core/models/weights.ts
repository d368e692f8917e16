/** Models in safetensors files: weights in PyTorch's names and layouts, metadata that say which model they belong to. */
import * as tf from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { writeAtomic } from '../lib/atomic';
import { AppError } from '../lib/errors';
import { readBounded } from '../lib/read-bounded';
import { checkFit } from './fit';
import { fileLayout, modelLayout } from './layout';
import type { Model, Weights } from './model';
import { buildModel } from './registry';
import { type RawTensor, decodeSafetensors, encodeSafetensors } from './safetensors';

export type Metadata = Readonly<Record<string, string>>;

/** A model as a file holds it; `weights` are the reader's to dispose. */
export interface StoredModel {
  readonly model: Model;
  readonly weights: Weights;
  readonly metadata: Metadata;
}

const maxBytes = 2 ** 31 - 1;

/** PyTorch counts batches beside running statistics; nothing depends on it. */
export const isUnused = (name: string): boolean => name.endsWith('num_batches_tracked');

/** What every file of ours says of its model. */
export const describeModel = (model: Pick<Model, 'architecture' | 'options' | 'inputShape' | 'classes'>): Metadata => ({
  format: 'pt',
  architecture: model.architecture,
  options: JSON.stringify(model.options),
  inputShape: JSON.stringify(model.inputShape),
  classCount: String(model.classes),
});

/**
 * Safetensors bytes in PyTorch's layout, with `metadata` (texts: dataset, classes as a JSON list, …). The same weights give the
 * same bytes.
 * @throws AppError BAD_WEIGHTS when a weight is missing or not finite (with `half`: beyond 65,504).
 */
export async function encodeWeights(
  model: Model,
  weights: Weights,
  metadata: Metadata,
  { half = false }: { half?: boolean } = {},
): Promise<Uint8Array> {
  const tensors: Record<string, RawTensor> = {};
  for (const { name } of model.parameters) {
    const tensor = weights[name];
    if (tensor) tensors[name] = fileLayout({ shape: tensor.shape, data: (await tensor.data<'float32'>()).slice() });
  }
  checkFit(model, half ? halved(tensors) : tensors, 'the weights to be written');
  return encodeSafetensors(tensors, { ...metadata, ...describeModel(model) }, { half });
}

const halved = (tensors: Record<string, RawTensor>): Record<string, RawTensor> =>
  decodeSafetensors(encodeSafetensors(tensors, {}, { half: true }), 'half precision').tensors;

/**
 * Weights of a model from a file's bytes; the caller disposes them.
 * @throws AppError BAD_FILE when the file is damaged, BAD_WEIGHTS when it does not fit the model.
 */
export function decodeWeights(model: Model, bytes: Uint8Array, where = 'the weights'): Weights {
  return tensorsOf(model, decodeSafetensors(bytes, where, isUnused).tensors, where);
}

function tensorsOf(model: Model, stored: Readonly<Record<string, RawTensor>>, where: string): Weights {
  checkFit(model, stored, where);
  const tensors = Object.entries(stored).map(([name, raw]) => {
    const { shape, data } = modelLayout(raw);
    return [name, tf.tensor(data, [...shape], 'float32')];
  });
  return Object.fromEntries(tensors);
}

const side = v.pipe(v.number(), v.integer());
const describedSchema = v.object({
  architecture: v.string(),
  options: v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.unknown())),
  inputShape: v.pipe(v.string(), v.parseJson(), v.tuple([side, side, side])),
  classCount: v.pipe(v.string(), v.regex(/^\d{1,9}$/), v.transform(Number)),
});

/**
 * The model that a file's metadata describe, without weights.
 * @throws AppError BAD_FILE when they describe none; UNKNOWN_NAME or BAD_OPTION when it cannot be built.
 */
export function describedModel(metadata: Metadata, where: string): Model {
  const described = v.safeParse(describedSchema, metadata);
  if (!described.success)
    throw new AppError(
      'BAD_FILE',
      `'${where}' does not say which architecture it holds.`,
      'Import it: lowland import FILE --name NAME --arch ARCHITECTURE --data DATASET.',
    );
  const { architecture, options, inputShape, classCount } = described.output;
  return buildModel(architecture, options, inputShape, classCount);
}

/** The model that a file describes, and its metadata; its weights are checked to be a whole file, but not loaded. */
export async function readDescribed(file: string): Promise<Omit<StoredModel, 'weights'>> {
  const { metadata } = decodeSafetensors(await readWeightsFile(file), file, isUnused);
  return { model: describedModel(metadata, file), metadata };
}

/** The model and weights of a file's bytes. @throws AppError as `describedModel` and `decodeWeights`. */
export function decodeModel(bytes: Uint8Array, where: string): StoredModel {
  const { tensors, metadata } = decodeSafetensors(bytes, where, isUnused);
  const model = describedModel(metadata, where);
  return { model, weights: tensorsOf(model, tensors, where), metadata };
}

/** Writes a model whole or not at all. @throws AppError as `encodeWeights`, or for the disk. */
export async function saveModel(file: string, model: Model, weights: Weights, metadata: Metadata): Promise<void> {
  await writeAtomic(file, await encodeWeights(model, weights, metadata));
}

/** @throws AppError NOT_FOUND, BAD_FILE, BAD_WEIGHTS, … */
export const loadModel = async (file: string): Promise<StoredModel> => decodeModel(await readWeightsFile(file), file);

/** Bytes of a file of at most 2 GiB. */
export const readWeightsFile = (file: string): Promise<Uint8Array> => readBounded(file, maxBytes, 'read a model');
