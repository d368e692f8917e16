/** Weights of a model to and from safetensors bytes that say which model they belong to. */
import * as tf from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { AppError } from '../lib/errors';
import { suggestion } from '../lib/nearest';
import { fileLayout, modelLayout } from './layout';
import type { Model, Weights } from './model';
import { buildModel } from './registry';
import { type RawTensor, decodeSafetensors, encodeSafetensors } from './safetensors';

/** Safetensors bytes in PyTorch layout; the metadata hold the architecture beside what is given. Deterministic. */
export async function encodeWeights(
  model: Model,
  weights: Weights,
  metadata: Readonly<Record<string, string>>,
): Promise<Uint8Array> {
  const tensors: Record<string, RawTensor> = {};
  for (const { name, shape } of model.parameters) {
    const tensor = weights[name];
    if (tensor) tensors[name] = fileLayout({ shape, data: (await tensor.data<'float32'>()).slice() });
  }
  const about = {
    architecture: model.architecture,
    options: JSON.stringify(model.options),
    inputShape: JSON.stringify(model.inputShape),
    classCount: String(model.classes),
  };
  return encodeSafetensors(tensors, { ...metadata, ...about });
}

/**
 * Tensors of the model's parameters from a file's tensors; the caller disposes them. Nothing is loaded half.
 * @throws AppError BAD_WEIGHTS naming missing, unknown or wrongly shaped tensors, or the first that holds NaN or infinity.
 */
export function weightsOf(model: Model, tensors: Readonly<Record<string, RawTensor>>, where: string): Weights {
  const refuse = (what: string, hint?: string) =>
    new AppError('BAD_WEIGHTS', `'${where}' does not fit ${model.architecture}: ${what}.`, hint);
  const wanted = model.parameters.map(({ name }) => name);
  for (const name of Object.keys(tensors))
    if (!wanted.includes(name)) throw refuse(`it has '${name}', which the model has not`, suggestion(name, wanted));
  const arrays = model.parameters.map(({ name, shape }): readonly [string, RawTensor] => {
    const raw = tensors[name];
    if (!raw) throw refuse(`'${name}' is missing`, suggestion(name, Object.keys(tensors)));
    const tensor = modelLayout(raw);
    if (tensor.shape.join() !== shape.join())
      throw refuse(
        `'${name}' has shape [${tensor.shape.join(', ')}] where the model has [${shape.join(', ')}]`,
        'Check the architecture and its options.',
      );
    const wrong = tensor.data.findIndex((value) => !Number.isFinite(value));
    if (wrong >= 0)
      throw refuse(
        `'${name}' holds ${tensor.data[wrong]} at ${wrong}`,
        'The weights are damaged, or their training diverged.',
      );
    return [name, tensor];
  });
  return Object.fromEntries(arrays.map(([name, { shape, data }]) => [name, tf.tensor(data, [...shape], 'float32')]));
}

const aboutSchema = v.object({
  architecture: v.string(),
  options: v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.unknown())),
  inputShape: v.pipe(v.string(), v.parseJson(), v.tuple([sideSchema(), sideSchema(), sideSchema()])),
  classCount: v.pipe(v.string(), v.transform(Number), v.integer(), v.minValue(2), v.maxValue(100_000)),
});

function sideSchema() {
  return v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(4096));
}

/** The model that a file of ours says it holds, and its weights. @throws AppError BAD_FILE or BAD_WEIGHTS. */
export function decodeModel(
  bytes: Uint8Array,
  where: string,
): { model: Model; weights: Weights; metadata: Record<string, string> } {
  const { tensors, metadata } = decodeSafetensors(bytes, where);
  const about = v.safeParse(aboutSchema, metadata);
  if (!about.success)
    throw new AppError(
      'BAD_FILE',
      `'${where}' does not say which architecture it holds.`,
      'Import it: lowland import FILE --arch NAME --data DATASET --name NAME.',
    );
  const { architecture, options, inputShape, classCount } = about.output;
  const model = buildModel(architecture, options, inputShape, classCount);
  return { model, weights: weightsOf(model, tensors, where), metadata };
}
