/**
 * Batches by step: epoch e is the permutation of (seed, e), and step s is a place in it, so that the batch of a step, its order and its
 * transforms are a pure function of (seed, s). A resumed run needs nothing but the number of its next step.
 */
import { breathe } from '../lib/breathe';
import { AppError } from '../lib/errors';
import { type Key, key } from '../lib/key';
import { permutation } from '../lib/philox';
import { type Batch, type Split, valuesOf } from './dataset';
import { type BoundTransform, transformBatch } from './transforms';

/** Images of a split as a host batch, in [0,1]. @throws AppError BAD_OPTION for an index that the split does not have. */
export function gather(split: Split, indices: ArrayLike<number>): Batch {
  const stride = valuesOf(split.shape);
  const { pixels, labels } = split;
  const bytes = pixels instanceof Uint8Array;
  const x = new Float32Array(indices.length * stride);
  const y = new Int32Array(indices.length);
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i] ?? -1;
    if (!Number.isInteger(index) || index < 0 || index >= split.size)
      throw new AppError('BAD_OPTION', `There is no image ${index}; the split has images 0 to ${split.size - 1}.`);
    const from = index * stride;
    const to = i * stride;
    if (bytes) for (let j = 0; j < stride; j++) x[to + j] = (pixels[from + j] ?? 0) / 255;
    else x.set(pixels.subarray(from, from + stride), to);
    y[i] = labels[index] ?? 0;
  }
  return { x, y, size: indices.length };
}

/** The order of 0..size-1 in one epoch: `at.step` is the epoch. */
export const epochOrder = (at: Key, size: number): Uint32Array => permutation(at, size);

export interface BatchOptions {
  /** Images a batch. */
  readonly size: number;
  readonly seed: number;
  readonly transforms?: readonly BoundTransform[];
}

export interface Place {
  readonly step: number;
  readonly epoch: number;
  /** Of the batch's first image in the epoch's order. */
  readonly offset: number;
}

export interface BatchSource {
  readonly batchesPerEpoch: number;
  place(step: number): Place;
  at(step: number): Batch;
}

/**
 * The training batches of a split; the last partial batch of an epoch is left out.
 * @throws AppError BAD_DATA when the split does not fill one batch.
 */
export function batchSource(split: Split, { size, seed, transforms = [] }: BatchOptions): BatchSource {
  const batchesPerEpoch = Math.floor(split.size / size);
  if (!(size >= 1 && batchesPerEpoch >= 1))
    throw new AppError(
      'BAD_DATA',
      `A batch of ${size} cannot be filled from ${split.size} images.`,
      'Use a smaller batch.',
    );
  let order: { epoch: number; indices: Uint32Array } | undefined;
  const place = (step: number): Place => ({
    step,
    epoch: Math.floor(step / batchesPerEpoch),
    offset: (step % batchesPerEpoch) * size,
  });
  return {
    batchesPerEpoch,
    place,
    at(step) {
      const { epoch, offset } = place(step);
      if (order?.epoch !== epoch) order = { epoch, indices: epochOrder(key(seed, 'data/order', epoch), split.size) };
      const batch = gather(split, order.indices.subarray(offset, offset + size));
      return transformBatch(batch, split.shape, transforms, key(seed, 'data/transform', step));
    },
  };
}

/** The batches from `startStep` on, without end; while one is in use the next is made ready, when the user awaits something. */
export async function* batches(
  split: Split,
  { startStep = 0, ...options }: BatchOptions & { readonly startStep?: number },
): AsyncGenerator<Place & { readonly batch: Batch }, never, undefined> {
  const source = batchSource(split, options);
  const prepare = async (step: number) => {
    await breathe();
    return source.at(step);
  };
  let next = prepare(startStep);
  for (let step = startStep; ; step++) {
    const batch = await next;
    next = prepare(step + 1);
    yield { ...source.place(step), batch };
  }
}
