/** What every question about a plane shares: the image, the two directions, and the mean clean energies to subtract. */
import type { Norm } from '../../../attacks/perturb';
import { pgd } from '../../../attacks/pgd';
import type { Subject } from '../../../contract/areas/common';
import type { ImageShape } from '../../../data/dataset';
import type { Engine } from '../../../engine/engine';
import { AppError } from '../../../lib/errors';
import type { Classifier, Weights } from '../../../models/model';
import { type Directions, planeDirections } from '../../../surface/directions';
import { attackKey, offsetImages, planeKey, towardsHigh } from '../../../surface/study';
import { imageAt, subjectImage } from '../../library/desk';
import { type EngineDesk, type OpenModel, checkFit } from '../desk';
import { attackPoints } from './climbing';
import { energiesAt } from './energies-at';
import { forwardPiece } from './pace';

export interface SceneQuestion {
  readonly subject: Subject;
  readonly norm: Norm;
  readonly eps: number;
  readonly directions: 'random' | 'adversarial' | 'axes';
  readonly seed: number;
}

export interface Scene {
  readonly model: OpenModel;
  readonly image: Float32Array;
  readonly label: number;
  readonly shape: ImageShape;
  readonly directions: Directions;
  /** The dataset whose clean images give the offset; '' for none. */
  readonly dataset: string;
}

/** @throws AppError BAD_DATA, BAD_OPTION for what does not fit the model; CANCELLED. */
export async function sceneOf(
  desk: EngineDesk,
  model: OpenModel,
  engine: Engine,
  question: SceneQuestion,
  signal: AbortSignal,
): Promise<Scene> {
  const { pixels: image, label, dataset } = await subjectImage(desk, question.subject);
  const { inputShape: shape, classes } = model.classifier;
  if (dataset) checkFit(model, dataset);
  if (image.length !== shape[0] * shape[1] * shape[2])
    throw new AppError(
      'BAD_DATA',
      `The image has ${image.length} values; '${model.name}' takes ${shape.join(' × ')}.`,
      'Choose another model or image.',
    );
  if (label >= classes)
    throw new AppError('BAD_OPTION', `There is no class ${label}; '${model.name}' has ${classes}.`, 'Choose another.');
  const directions = await directionsOf(model.classifier, image, label, question, engine, signal);
  return { model, image, label, shape, directions, dataset: dataset?.id ?? model.dataset };
}

async function directionsOf(
  model: Classifier,
  image: Float32Array,
  label: number,
  { norm, eps, directions, seed }: SceneQuestion,
  engine: Engine,
  signal: AbortSignal,
): Promise<Directions> {
  const shape = model.inputShape;
  if (directions === 'random') return planeDirections(planeKey(seed), shape, norm);
  if (directions === 'axes') {
    if (image.length !== 2)
      throw new AppError(
        'BAD_OPTION',
        `Images of ${shape.join(' × ')} have ${image.length} axes, not two.`,
        'Choose random directions.',
      );
    return { u: Float32Array.of(1, 0), v: Float32Array.of(0, 1), norm };
  }
  const name = JSON.stringify([Array.from(image), label, norm, eps, seed]);
  const first = await remembered(moves, model.weights, name, async () => {
    const points = await attackPoints(
      engine,
      model,
      image,
      label,
      { entry: pgd, options: towardsHigh(norm, eps), key: attackKey(seed) },
      signal,
    );
    return (points.at(-1) ?? image).map((value, i) => value - (image[i] ?? 0));
  });
  return planeDirections(planeKey(seed), shape, norm, first);
}

/** Mean E(x,y) and E(x) over the first clean test images; undefined where those images are not on this machine. */
export async function offsetOf(desk: EngineDesk, { model, dataset }: Scene, engine: Engine, signal: AbortSignal) {
  if (!dataset) return undefined;
  return remembered(offsets, model.classifier.weights, dataset, async () => {
    const data = await desk.dataset(dataset).catch((error: unknown) => {
      if (error instanceof AppError && (error.code === 'NOT_FOUND' || error.code === 'UNKNOWN_NAME')) return undefined;
      throw error;
    });
    if (!data) return undefined;
    checkFit(model, data);
    const n = Math.min(offsetImages, data.test.size);
    const stride = model.classifier.inputShape.reduce((product, size) => product * size, 1);
    const images = new Float32Array(n * stride);
    for (let i = 0; i < n; i++) images.set(imageAt(data.test, i), i * stride);
    const labels = Int32Array.from(data.test.labels.subarray(0, n));
    const { joint, marginal } = await energiesAt(model.classifier, images, labels, forwardPiece[engine.id], signal);
    return { joint: mean(joint), marginal: mean(marginal) };
  });
}

const mean = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Results by weights and name, as long as the weights live: a range that is dragged asks again and again. */
type Memory<T> = WeakMap<Weights, Map<string, T>>;
const moves: Memory<Float32Array> = new WeakMap();
const offsets: Memory<{ joint: number; marginal: number } | undefined> = new WeakMap();
const most = 16;

async function remembered<T>(memory: Memory<T>, weights: Weights, name: string, make: () => Promise<T>): Promise<T> {
  const known = memory.get(weights) ?? new Map<string, T>();
  memory.set(weights, known);
  const found = known.get(name);
  if (found !== undefined) return found;
  const made = await make();
  known.set(name, made);
  for (const old of known.keys()) {
    if (known.size <= most) break;
    known.delete(old);
  }
  return made;
}
