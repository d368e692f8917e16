/** What datasets there are, and what is in one: counts and statistics. */
import { AppError } from '../lib/errors';
import { type SourceData, type Split, classCounts, valuesOf } from './dataset';
import { datasetRegistry, embeddedId } from './registry';
import { storedManifest, storedNames } from './store';

export interface ListedDataset {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly licence: string;
  readonly home: string;
  readonly state: 'embedded' | 'made by seed' | 'added' | 'not added' | 'unreadable';
  /** Of an added one: images of training and test, and bytes on disk. */
  readonly images?: number;
  readonly bytes?: number;
  /** Why it is unreadable. */
  readonly problem?: string;
}

/** All known datasets, then those that the user named. */
export async function listDatasets(dataFolder: string): Promise<ListedDataset[]> {
  const stored = await storedNames(dataFolder);
  const known = await Promise.all(
    datasetRegistry.all.map(async ({ id, title, summary, licence, home, source }): Promise<ListedDataset> => {
      const row = { id, title, summary, licence, home };
      if (!source) return { ...row, state: id === embeddedId ? 'embedded' : 'made by seed' };
      return stored.includes(id) ? { ...row, ...(await found(id, dataFolder)) } : { ...row, state: 'not added' };
    }),
  );
  const own = await Promise.all(
    stored
      .filter((id) => !datasetRegistry.ids.includes(id))
      .map(async (id): Promise<ListedDataset> => {
        const row = { id, title: id, summary: 'Your own.', licence: '', home: '' };
        return { ...row, ...(await found(id, dataFolder)) };
      }),
  );
  return [...known, ...own];
}

async function found(
  id: string,
  dataFolder: string,
): Promise<Pick<ListedDataset, 'state' | 'images' | 'bytes' | 'problem'>> {
  try {
    const splits = Object.values((await storedManifest(id, dataFolder))?.splits ?? {});
    const sum = (of: (split: (typeof splits)[number]) => number) =>
      splits.reduce((total, split) => total + of(split), 0);
    return {
      state: 'added',
      images: sum(({ images }) => images),
      bytes: sum((of) => of.pixels.bytes + of.labels.bytes),
    };
  } catch (error) {
    if (error instanceof AppError) return { state: 'unreadable', problem: error.message };
    throw error;
  }
}

export interface ClassRow {
  readonly name: string;
  readonly train: number;
  readonly test: number;
}

/** Images of each class. */
export function classTable({ classes, train, test }: SourceData): ClassRow[] {
  const [inTrain, inTest] = [classCounts(train, classes.length), classCounts(test, classes.length)];
  return classes.map((name, i) => ({ name, train: inTrain[i] ?? 0, test: inTest[i] ?? 0 }));
}

/** Mean and standard deviation of each channel of a split, in [0,1] units. */
export function channelStatistics({ shape, pixels }: Split): { mean: number[]; std: number[] } {
  const channels = shape[2];
  const scale = pixels instanceof Uint8Array ? 255 : 1;
  const count = Math.max(1, pixels.length / channels);
  const sums = new Float64Array(channels);
  const squares = new Float64Array(channels);
  const stride = valuesOf(shape);
  for (let start = 0; start < pixels.length; start += stride)
    for (let i = 0; i < stride; i++) {
      const value = (pixels[start + i] ?? 0) / scale;
      const c = i % channels;
      sums[c] = (sums[c] ?? 0) + value;
      squares[c] = (squares[c] ?? 0) + value * value;
    }
  const mean = Array.from(sums, (sum) => sum / count);
  const std = Array.from(squares, (square, c) => Math.sqrt(Math.max(0, square / count - (mean[c] ?? 0) ** 2)));
  return { mean, std };
}
