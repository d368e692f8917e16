/** Where the chains of a session start: drawn as `lowland sample` draws its first chunk, and the part of an own image that may change. */
import type { CheckedInputOf } from '../../../contract/contract';
import type { Api } from '../../../contract/api';
import type { Split } from '../../../data/dataset';
import { holdOut, validationSize } from '../../../data/split';
import { breathe } from '../../../lib/breathe';
import { AppError, throwIfCancelled } from '../../../lib/errors';
import { type Key, fork, key } from '../../../lib/key';
import { classOrdered } from '../../../sampling/generate';
import { type Start, createStart } from '../../../sampling/starts';
import { type EngineDesk, type OpenModel, checkFit } from '../desk';

export type SamplingPlan = CheckedInputOf<Api['sampling.open']>;

/** The key of a session's chains: that of the first chunk of `generate`. */
export const chunkKey = (seed: number): Key => key(seed, 'generate', 0);

/** The class of each image, as `lowland sample` orders them. */
export function labelsOf({ classifier }: OpenModel, { n, classes }: SamplingPlan): Int32Array {
  if (classes.length === 0) return classOrdered(n, classifier.classes);
  return classOrdered(n, classes.length).map((place) => classes[place] ?? 0);
}

/**
 * Images [n, h, w, c] in [0,1] before the first step.
 * @throws AppError BAD_OPTION, BAD_DATA and what the dataset throws.
 */
export async function startImages(
  desk: EngineDesk,
  model: OpenModel,
  plan: SamplingPlan,
  labels: Int32Array,
  signal: AbortSignal,
): Promise<Float32Array> {
  const at = fork(chunkKey(plan.seed), 'start');
  const empty: Split = { shape: shapeOf(model), size: 0, labels: new Int32Array(), pixels: new Uint8Array() };
  const { classes } = model.classifier;
  switch (plan.start) {
    case 'uniform':
      return createStart('uniform', empty, classes).draw(at, labels);
    case 'image': {
      const drawn = createStart('image', empty, classes, ownImage(model, plan)).draw(at, labels);
      if (plan.fill === 'noise') {
        const noise = createStart('uniform', empty, classes).draw(at, labels);
        whereMasked(plan, model, drawn.length, (i) => (drawn[i] = noise[i] ?? 0));
      }
      return drawn;
    }
    default:
      return byClass(
        createStart(plan.start, await trainingImages(desk, model, plan.dataset), classes),
        at,
        labels,
        signal,
      );
  }
}

const shapeOf = ({ classifier }: OpenModel) => classifier.inputShape;

function ownImage(model: OpenModel, { image }: SamplingPlan): Float32Array {
  const [height, width, channels] = shapeOf(model);
  if (image?.length !== height * width * channels)
    throw new AppError(
      'BAD_OPTION',
      image
        ? `The image has ${image.length} values; '${model.name}' takes ${height} × ${width} × ${channels}.`
        : "The start 'image' needs an image.",
      'Choose an image of a dataset, or drop one of your own.',
    );
  return image instanceof Uint8Array ? Float32Array.from(image, (value) => value / 255) : image;
}

/** Every value of every chain that may change. */
function whereMasked({ mask }: SamplingPlan, model: OpenModel, length: number, visit: (i: number) => void): void {
  const [height, width, channels] = shapeOf(model);
  for (let i = 0; i < length; i++) if (!mask || mask[Math.floor(i / channels) % (height * width)]) visit(i);
}

/** The training images that `lowland sample` knows: those not held out for validation. */
async function trainingImages(desk: EngineDesk, model: OpenModel, asked: string): Promise<Split> {
  const id = asked || model.dataset;
  if (!id)
    throw new AppError('BAD_OPTION', `'${model.name}' does not say what it was trained on.`, 'Choose a dataset.');
  const data = await desk.dataset(id);
  checkFit(model, data);
  return holdOut(data.train, validationSize(data.train.size), key(0, 'data/validation')).rest;
}

/** What `start` draws, a class at a time, so that other work goes on in between. */
async function byClass(start: Start, at: Key, labels: Int32Array, signal: AbortSignal): Promise<Float32Array> {
  let out: Float32Array | undefined;
  for (const y of new Set(labels)) {
    await breathe();
    throwIfCancelled(signal);
    const places = [...labels.keys()].filter((i) => labels[i] === y);
    const drawn = start.draw(at, new Int32Array(places.length).fill(y));
    const stride = drawn.length / places.length;
    const all = (out ??= new Float32Array(labels.length * stride));
    places.forEach((place, i) => all.set(drawn.subarray(i * stride, (i + 1) * stride), place * stride));
  }
  return out ?? new Float32Array();
}
