/** What the handlers of the library process share: the data folder, and the datasets that were opened last. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { SourceData, Split } from '../../data/dataset';
import { loadSource } from '../../data/load';
import { manifestFile } from '../../data/manifest';
import { datasetsFolder } from '../../data/store';
import type { Side, Subject } from '../../contract/areas/common';
import { AppError } from '../../lib/errors';

export interface OpenDataset extends SourceData {
  readonly id: string;
}

export interface DatasetDesk {
  readonly dataFolder: string;
  /** @throws AppError as loadSource. */
  dataset(id: string): Promise<OpenDataset>;
}

/** Kept open: enough to go back and forth between two views. */
const kept = 3;

export function datasetDesk(dataFolder: string): DatasetDesk {
  const open = new Map<string, Promise<OpenDataset>>();
  return {
    dataFolder,
    async dataset(id) {
      const version = `${id}@${await storedAt(id, dataFolder)}`;
      const known = open.get(version) ?? loadSource(id, { dataFolder, seed: 0 }).then((source) => ({ ...source, id }));
      open.delete(version);
      open.set(version, known);
      for (const old of [...open.keys()].slice(0, -kept)) open.delete(old);
      known.catch(() => open.delete(version));
      return known;
    },
  };
}

/** When a dataset of the data folder was stored: another process may remove it and add another of its name. 0 for one that is not there. */
const storedAt = (id: string, dataFolder: string): Promise<number> =>
  stat(path.join(datasetsFolder(dataFolder), id, manifestFile)).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );

/** @throws AppError BAD_OPTION for an index that the side does not have. */
export function checkedIndex(split: Split, side: Side, index: number, id: string): number {
  if (index < split.size) return index;
  throw new AppError('BAD_OPTION', `Image ${index} is asked for; '${id}' has ${side} images 0 to ${split.size - 1}.`);
}

/** float32 [h * w * c] in [0,1] of one image. */
export function imageAt({ pixels, shape }: Split, index: number): Float32Array {
  const stride = shape[0] * shape[1] * shape[2];
  const values = pixels.subarray(index * stride, (index + 1) * stride);
  return values instanceof Uint8Array ? Float32Array.from(values, (value) => value / 255) : values.slice();
}

/** A subject as float32 pixels, its label, and the dataset that it is of or like. @throws AppError for an image that is not there. */
export async function subjectImage(
  desk: DatasetDesk,
  subject: Subject,
): Promise<{ pixels: Float32Array; label: number; dataset?: OpenDataset }> {
  if ('pixels' in subject) {
    const { pixels, label, dataset } = subject;
    return {
      pixels: pixels instanceof Uint8Array ? Float32Array.from(pixels, (value) => value / 255) : pixels,
      label,
      ...(dataset === undefined ? {} : { dataset: await desk.dataset(dataset) }),
    };
  }
  const dataset = await desk.dataset(subject.dataset);
  const split = dataset[subject.side];
  const index = checkedIndex(split, subject.side, subject.index, dataset.id);
  return { pixels: imageAt(split, index), label: split.labels[index] ?? 0, dataset };
}
