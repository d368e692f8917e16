/** Getting datasets: the known ones from their home page or given files, others from a folder of images or an .npz file. */
import { readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError, fileError } from '../lib/errors';
import { key } from '../lib/key';
import { unknownName } from '../lib/nearest';
import type { SourceData } from './dataset';
import { type Fetching, download, isUrl } from './download';
import { embeddedFiles, loadFashionMini } from './embedded';
import { readImageFolder } from './formats/image-folder';
import { decodeNpz } from './formats/npz';
import { loadSource } from './load';
import type { Manifest } from './manifest';
import { type CheckedData, readSource } from './read-source';
import { datasetRegistry, embeddedId } from './registry';
import type { Source } from './sources/source';
import { holdOut } from './split';
import { loadStored, removeStored, storeDataset, storedFolder, storedManifest, storedNames } from './store';

export interface DataContext extends Fetching {
  readonly dataFolder: string;
}

const largestNpz = 2 ** 31;
/** @throws AppError USAGE for a name that cannot be a folder's. */
const downloadsFolder = (id: string, dataFolder: string): string =>
  path.join(dataFolder, 'downloads', path.basename(storedFolder(id, dataFolder)));

export interface Added {
  readonly folder: string;
  readonly manifest: Manifest;
  /** False when it was there already, whole. */
  readonly added: boolean;
}

/**
 * Adds a dataset to the data folder. `from` is a path or an address; '' takes a known dataset from its home page.
 * @throws AppError USAGE for a name that is taken or needs --from, and what reading, downloading and storing throw.
 */
export async function addDataset(id: string, from: string, context: DataContext): Promise<Added> {
  const { dataFolder } = context;
  const folder = storedFolder(id, dataFolder);
  const known = isKnown(id) ? datasetRegistry.get(id) : undefined;
  if (known && !known.source) throw new AppError('USAGE', `'${id}' is part of Lowland: it need not be added.`);
  if (!known && !from) throw unknownUnlessGiven(id);
  const present = await whole(id, dataFolder);
  if (present && known) return { folder, manifest: present, added: false };
  if (present)
    throw new AppError('USAGE', `There is a dataset '${id}' already.`, `Remove it first: lowland data remove ${id}.`);
  const { data } = await obtain(id, known?.source, from, context);
  const manifest = await storeDataset(id, data, from || known?.home || '', dataFolder);
  await rm(downloadsFolder(id, dataFolder), { recursive: true, force: true });
  return { folder, manifest, added: true };
}

/**
 * Checks a dataset without storing it: the files at `from`, or, where that is '', what is in the data folder or in the package.
 * @throws AppError as `addDataset` and `loadDataset`.
 */
export async function checkDataset(id: string, from: string, context: DataContext): Promise<CheckedData> {
  if (from) return obtain(id, isKnown(id) ? datasetRegistry.get(id).source : undefined, from, context);
  if (id === embeddedId) {
    const files = await embeddedFiles();
    return { data: await loadFashionMini(), files: files.map(({ name, sum }) => ({ name, sum, ok: true })) };
  }
  const data = await loadSource(id, { dataFolder: context.dataFolder, seed: 0 });
  const manifest = await storedManifest(id, context.dataFolder);
  const arrays = Object.values(manifest?.splits ?? {}).flatMap(({ pixels, labels }) => [pixels, labels]);
  return { data, files: arrays.map(({ file, sha256 }) => ({ name: file, sum: sha256, ok: true })) };
}

/** Removes an added dataset and what is left of its download. @throws AppError NOT_FOUND, USAGE for a part of Lowland. */
export async function removeDataset(id: string, dataFolder: string): Promise<string> {
  const there = await storedNames(dataFolder);
  if (!there.includes(id)) {
    if (!isKnown(id)) throw unknownName('dataset', id, there);
    throw datasetRegistry.get(id).source
      ? new AppError('NOT_FOUND', `The dataset '${id}' is not in your data folder: there is nothing to remove.`)
      : new AppError('USAGE', `'${id}' is part of Lowland: it cannot be removed.`);
  }
  await removeStored(id, dataFolder);
  await rm(downloadsFolder(id, dataFolder), { recursive: true, force: true });
  return storedFolder(id, dataFolder);
}

const isKnown = (id: string): boolean => datasetRegistry.ids.includes(id);

function unknownUnlessGiven(id: string): AppError {
  const error = unknownName('dataset', id, datasetRegistry.ids);
  const own = 'A dataset of your own: add it with --from, a folder of images or an .npz file.';
  return new AppError(error.code, error.message, `${error.hint ?? ''} ${own}`.trim());
}

/** The manifest of a stored dataset that can be read whole; a damaged one counts as absent, so that adding it again mends it. */
async function whole(id: string, dataFolder: string): Promise<Manifest | undefined> {
  try {
    return (await loadStored(id, dataFolder)) && (await storedManifest(id, dataFolder));
  } catch (error) {
    if (error instanceof AppError && ['BAD_FILE', 'BAD_DATA', 'CHECKSUM', 'NOT_FOUND'].includes(error.code))
      return undefined;
    throw error;
  }
}

async function obtain(
  id: string,
  source: Source | undefined,
  from: string,
  context: DataContext,
): Promise<CheckedData> {
  const downloads = downloadsFolder(id, context.dataFolder);
  if (source && !from) {
    for (const remote of source.downloads) await download(remote, downloads, context);
    const [only, ...others] = source.downloads;
    return readSource(source, only && others.length === 0 ? path.join(downloads, only.file) : downloads, context);
  }
  if (!isUrl(from)) return readGiven(id, source, from, context);
  try {
    return await readGiven(
      id,
      source,
      await download({ file: fileOf(from), urls: [from] }, downloads, context),
      context,
    );
  } finally {
    await rm(downloads, { recursive: true, force: true });
  }
}

const readGiven = async (
  id: string,
  source: Source | undefined,
  place: string,
  context: DataContext,
): Promise<CheckedData> =>
  source ? readSource(source, place, context) : { data: await readOwn(id, place, context), files: [] };

/** The file that an address names, as a name that is safe on disk. */
const fileOf = (url: string): string =>
  path.posix.basename(new URL(url).pathname).replaceAll(/[^\w.-]/g, '_') || 'download';

async function readOwn(id: string, place: string, { progress, signal }: DataContext): Promise<SourceData> {
  const moved = (done: number, total: number) => progress.update('Reading images', done, total, 'images');
  const { classes, train, test } = (await isFolder(place))
    ? await readImageFolder(place, { signal, moved })
    : decodeNpz(await readNpz(place), place);
  if (test) return { title: id, classes, train, test };
  const { rest, held } = holdOut(train, Math.max(1, Math.floor(train.size / 6)), key(0, 'data/test'));
  return { title: id, classes, train: rest, test: held };
}

async function isFolder(place: string): Promise<boolean> {
  try {
    return (await stat(place)).isDirectory();
  } catch (error) {
    throw fileError(error, place, 'read the dataset');
  }
}

async function readNpz(place: string): Promise<Uint8Array> {
  const { size } = await stat(place);
  if (!/\.npz$/i.test(place) || size > largestNpz)
    throw new AppError(
      'BAD_FILE',
      `'${place}' is neither a folder of images nor an .npz file of at most 2 GB.`,
      'See lowland data add --help.',
    );
  return readFile(place);
}
