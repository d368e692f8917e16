/** Chosen images of a split as a zip: a PNG each and labels.csv; points of a toy as one CSV. */
import { type Zippable, strToU8, zip } from 'fflate';
import type { Side } from '../../../contract/areas/common';
import { type ImageShape, valuesOf } from '../../../data/dataset';
import { pixelsPng } from '../../../figures/png';
import { breathe } from '../../../lib/breathe';
import { csvTable } from '../../../lib/csv';
import { AppError, throwIfCancelled } from '../../../lib/errors';
import type { OpenDataset } from '../desk';
import { tiles } from './tiles';

/** @throws AppError BAD_OPTION when nothing was chosen, or images cannot be PNGs; CANCELLED. */
export async function imageArchive(
  data: OpenDataset,
  side: Side,
  indices: Uint32Array,
  signal: AbortSignal,
): Promise<{ name: string; bytes: Uint8Array }> {
  if (indices.length === 0) throw new AppError('BAD_OPTION', 'No image is chosen.', 'Choose at least one.');
  const split = data[side];
  const labelOf = (index: number) => split.labels[index] ?? 0;
  const name = `${data.id}-${side}-${indices.length}`;
  const files: Zippable = {};
  if (isPoints(split.shape)) {
    const rows = Array.from(indices, (index) => [
      index,
      labelOf(index),
      split.pixels[2 * index] ?? 0,
      split.pixels[2 * index + 1] ?? 0,
    ]);
    files['points.csv'] = strToU8(csvTable(['index', 'label', 'x', 'y'], rows));
  } else {
    const [height, width] = split.shape;
    const channels = pngChannels(split.shape, data.id);
    const digits = String(split.size - 1).length;
    const fileOf = (index: number) => `images/${String(index).padStart(digits, '0')}.png`;
    for (const [i, index] of indices.entries()) {
      if (i % 64 === 63) {
        await breathe();
        throwIfCancelled(signal);
      }
      const pixels = new Uint8ClampedArray(await tiles(split, Uint32Array.of(index), 1, signal));
      const provenance = { dataset: data.id, side, index: String(index), label: data.classes[labelOf(index)] ?? '' };
      files[fileOf(index)] = pixelsPng({ width, height, channels, data: pixels }, provenance);
    }
    const rows = Array.from(indices, (index) => [fileOf(index), index, labelOf(index), data.classes[labelOf(index)]]);
    files['labels.csv'] = strToU8(csvTable(['file', 'index', 'label', 'class'], rows));
  }
  return { name: `${name}.zip`, bytes: await zipped(files) };
}

const isPoints = (shape: ImageShape): boolean => valuesOf(shape) === 2;

function pngChannels([, , channels]: ImageShape, id: string): 1 | 3 {
  if (channels === 1 || channels === 3) return channels;
  throw new AppError('BAD_OPTION', `The images of '${id}' have ${channels} channels; a PNG has 1 or 3.`);
}

/** PNGs are compressed already. */
const zipped = (files: Zippable): Promise<Uint8Array> =>
  new Promise((resolve, reject) =>
    zip(files, { level: 0, mtime: new Date('1980-01-01T00:00:00') }, (error, bytes) =>
      error ? reject(error) : resolve(bytes),
    ),
  );
