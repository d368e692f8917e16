/** The images of a split nearest to given pixels in L2, by going through all of them, piece by piece. */
import type { Neighbour } from '../../../contract/areas/datasets';
import { type Split, valuesOf } from '../../../data/dataset';
import { breathe } from '../../../lib/breathe';
import { AppError, throwIfCancelled } from '../../../lib/errors';

const piece = 1024;

/**
 * Nearest first; equally near ones in the order of their indices.
 * @throws AppError BAD_OPTION when the pixels are not one image of the split's shape; CANCELLED.
 */
export async function nearestImages(
  { shape, size, labels, pixels }: Split,
  given: Uint8Array | Float32Array,
  count: number,
  signal: AbortSignal,
): Promise<Neighbour[]> {
  const stride = valuesOf(shape);
  if (given.length !== stride)
    throw new AppError(
      'BAD_OPTION',
      `The image has ${given.length} values; the images of this dataset have ${shape.join(' × ')}.`,
      'Choose a dataset with images of this size.',
    );
  const unit = pixels instanceof Uint8Array ? 255 : 1;
  const wanted = Float32Array.from(given, (value) => (given instanceof Uint8Array ? value / 255 : value) * unit);
  const best: { index: number; squared: number }[] = [];
  let limit = Infinity;
  for (let index = 0; index < size; index++) {
    if (index % piece === piece - 1) {
      await breathe();
      throwIfCancelled(signal);
    }
    const squared = squaredDistance(pixels, index * stride, wanted, limit);
    if (squared >= limit) continue;
    const place = best.findIndex((other) => other.squared > squared);
    best.splice(place < 0 ? best.length : place, 0, { index, squared });
    if (best.length > count) best.pop();
    if (best.length === count) limit = best.at(-1)?.squared ?? Infinity;
  }
  return best.map(({ index, squared }) => ({
    index,
    label: labels[index] ?? 0,
    distance: Math.sqrt(squared) / unit,
    pixels: Uint8Array.from(pixels.subarray(index * stride, (index + 1) * stride), (value) =>
      Math.round((value * 255) / unit),
    ),
  }));
}

/** Stops early once it is beyond the limit. */
function squaredDistance(pixels: ArrayLike<number>, start: number, wanted: Float32Array, limit: number): number {
  let sum = 0;
  for (let i = 0; i < wanted.length;) {
    const end = Math.min(wanted.length, i + 64);
    for (; i < end; i++) {
      const difference = (pixels[start + i] ?? 0) - (wanted[i] ?? 0);
      sum += difference * difference;
    }
    if (sum > limit) return sum;
  }
  return sum;
}
