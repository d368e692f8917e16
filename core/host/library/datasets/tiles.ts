/** Images of a split as they travel to a window: 8-bit, and reduced where they will be drawn small. */
import type { Side } from '../../../contract/areas/common';
import { type ImageShape, type Split, valuesOf } from '../../../data/dataset';
import { breathe } from '../../../lib/breathe';
import { AppError, throwIfCancelled } from '../../../lib/errors';

/** A range, or given images. */
export type Chosen = Uint32Array | { readonly from: number; readonly count: number };
/** Values that one answer may hold. */
const most = 2 ** 26;

/** @throws AppError BAD_OPTION for images that the side does not have, or too many at once. */
export function chosenImages(chosen: Chosen, split: Split, side: Side, id: string, values: number): Uint32Array {
  const indices =
    chosen instanceof Uint32Array ? chosen : Uint32Array.from({ length: chosen.count }, (_, i) => chosen.from + i);
  const beyond = indices.find((index) => index >= split.size);
  if (beyond !== undefined)
    throw new AppError('BAD_OPTION', `There is no image ${beyond}: '${id}' has ${side} images 0 to ${split.size - 1}.`);
  if (indices.length * values > most)
    throw new AppError('BAD_OPTION', `${indices.length} images of '${id}' are too much at once.`, 'Ask for fewer.');
  return indices;
}

/** [height, width, channels] of an image at 1/reduce of its size. */
export const reducedShape = ([height, width, channels]: ImageShape, reduce: number): ImageShape => [
  Math.ceil(height / reduce),
  Math.ceil(width / reduce),
  channels,
];

/** uint8 [n, h, w, c]; each value is the mean of the up to reduce x reduce values it stands for. @throws AppError CANCELLED. */
export async function tiles(
  { shape, pixels }: Split,
  indices: Uint32Array,
  reduce: number,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const [from, to] = [valuesOf(shape), valuesOf(reducedShape(shape, reduce))];
  const out = new Uint8ClampedArray(indices.length * to);
  const scale = pixels instanceof Uint8Array ? 1 : 255;
  for (const [i, index] of indices.entries()) {
    if (i % 2048 === 2047) {
      await breathe();
      throwIfCancelled(signal);
    }
    const image = pixels.subarray(index * from, (index + 1) * from);
    const tile = out.subarray(i * to, (i + 1) * to);
    if (reduce > 1) reduceInto(tile, image, shape, reduce, scale);
    else if (scale === 1) tile.set(image);
    else for (let j = 0; j < from; j++) tile[j] = (image[j] ?? 0) * scale;
  }
  return new Uint8Array(out.buffer);
}

function reduceInto(
  tile: Uint8ClampedArray,
  image: ArrayLike<number>,
  shape: ImageShape,
  reduce: number,
  scale: number,
): void {
  const [height, width, channels] = shape;
  let at = 0;
  for (let top = 0; top < height; top += reduce) {
    const bottom = Math.min(height, top + reduce);
    for (let left = 0; left < width; left += reduce) {
      const right = Math.min(width, left + reduce);
      const share = scale / ((bottom - top) * (right - left));
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        for (let y = top; y < bottom; y++)
          for (let x = left; x < right; x++) sum += image[(y * width + x) * channels + c] ?? 0;
        tile[at++] = sum * share;
      }
    }
  }
}
