/** A dataset by name: embedded, a toy made by seed, or one that was added to the data folder. */
import { unknownName } from '../lib/nearest';
import type { Dataset, Split } from './dataset';
import { fashionClasses, loadFashionMini } from './embedded';
import { holdOut, validationSize } from './split';
import { listStored, loadStored } from './store';
import { makeToy, toyIds } from './toys';

export interface LoadOptions {
  readonly dataFolder: string;
  /** Chooses the validation images, and the points of a toy. */
  readonly seed?: number;
}

/** @throws AppError UNKNOWN_NAME with the nearest name; BAD_FILE or CHECKSUM for a damaged dataset. */
export async function loadDataset(id: string, { dataFolder, seed = 0 }: LoadOptions): Promise<Dataset> {
  const { title, classes, train: all, test } = await parts(id, dataFolder, seed);
  const { train, validation } = holdOut(all, validationSize(all.size), seed);
  return { id, title, shape: all.shape, classes, splits: { train, validation, test } };
}

async function parts(
  id: string,
  dataFolder: string,
  seed: number,
): Promise<{ title: string; classes: readonly string[]; train: Split; test: Split }> {
  if (id === 'fashion-mnist-mini')
    return { title: 'Fashion-MNIST, 12,000 images', classes: fashionClasses, ...(await loadFashionMini()) };
  const found = makeToy(id, seed) ?? (await loadStored(id, dataFolder));
  if (found) return found;
  throw unknownName('dataset', id, [
    'fashion-mnist-mini',
    ...toyIds,
    ...(await listStored(dataFolder)).map((stored) => stored.id),
  ]);
}
