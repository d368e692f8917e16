/** A dataset by name: embedded, a toy made by seed, or one that was added to the data folder. */
import { AppError } from '../lib/errors';
import { key } from '../lib/key';
import { unknownName } from '../lib/nearest';
import type { Dataset, SourceData } from './dataset';
import { loadFashionMini } from './embedded';
import { datasetRegistry, embeddedId } from './registry';
import { holdOut, validationSize } from './split';
import { loadStored, storedNames } from './store';
import { makeToy } from './toys';

export interface LoadOptions {
  readonly dataFolder: string;
  /** Images held out of the training images; a twelfth of them, at most 5,000, where it is not given. */
  readonly validation?: number;
  /** Chooses the validation images, and the points of a toy. */
  readonly seed?: number;
}

/**
 * @throws AppError UNKNOWN_NAME with the nearest name; NOT_FOUND for a known dataset that was not added; BAD_FILE or CHECKSUM for a
 * damaged one; BAD_OPTION when so many validation images cannot be held out.
 */
export async function loadDataset(id: string, { dataFolder, validation, seed = 0 }: LoadOptions): Promise<Dataset> {
  const { title, classes, train: all, test } = await loadSource(id, { dataFolder, seed });
  const { rest, held } = holdOut(all, validation ?? validationSize(all.size), key(seed, 'data/validation'));
  return { id, title, shape: all.shape, classes, splits: { train: rest, validation: held, test } };
}

/** The dataset with nothing held out for validation. @throws AppError as `loadDataset`. */
export async function loadSource(
  id: string,
  { dataFolder, seed }: { dataFolder: string; seed: number },
): Promise<SourceData> {
  if (id === embeddedId) return loadFashionMini();
  const found = makeToy(id, seed) ?? (await loadStored(id, dataFolder));
  if (found) return found;
  if (datasetRegistry.ids.includes(id))
    throw new AppError(
      'NOT_FOUND',
      `The dataset '${id}' is not in your data folder '${dataFolder}'.`,
      `Get it: lowland data add ${id} (or, from files that you have: lowland data add ${id} --from PATH).`,
    );
  throw unknownName('dataset', id, [...new Set([...datasetRegistry.ids, ...(await storedNames(dataFolder))])]);
}
