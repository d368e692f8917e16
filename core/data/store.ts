/**
 * Datasets in the data folder: <data folder>/datasets/<name>/ with manifest.json, and pixels and labels of each split as plain arrays,
 * each with its SHA-256. A dataset is written beside its place and renamed: it is there whole or not at all.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { partial, partialName, syncFolder, writeSynced } from '../lib/atomic';
import { AppError, fileError, systemCode } from '../lib/errors';
import type { ImageShape, SourceData, Split } from './dataset';
import { checkLabels } from './labels';
import { type Manifest, type StoredArray, manifestFile, readManifest } from './manifest';

export const datasetsFolder = (dataFolder: string): string => path.join(dataFolder, 'datasets');

/** Where a dataset is stored. @throws AppError USAGE for a name that cannot be a folder's. */
export function storedFolder(name: string, dataFolder: string): string {
  if (!/^\w[\w.-]{0,63}$/.test(name))
    throw new AppError('USAGE', `'${name}' is no name for a dataset.`, "Use letters, digits, '.', '_' and '-'.");
  return path.join(datasetsFolder(dataFolder), name);
}

export interface StoredDataset extends SourceData {
  readonly id: string;
  readonly shape: ImageShape;
}

/** Names of the stored datasets. */
export async function storedNames(dataFolder: string): Promise<string[]> {
  try {
    const entries = await readdir(datasetsFolder(dataFolder), { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory() && !entry.name.includes(partial))
      .map(({ name }) => name)
      .sort();
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw fileError(error, datasetsFolder(dataFolder), 'read the datasets');
  }
}

/** The manifest of a stored dataset; undefined where there is none of that name. @throws AppError BAD_FILE, NEWER_VERSION. */
export async function storedManifest(name: string, dataFolder: string): Promise<Manifest | undefined> {
  if (!(await storedNames(dataFolder)).includes(name)) return undefined;
  return readManifest(storedFolder(name, dataFolder));
}

/** A stored dataset, every sum checked; undefined where there is none of that name. @throws AppError BAD_FILE, CHECKSUM, NEWER_VERSION. */
export async function loadStored(name: string, dataFolder: string): Promise<StoredDataset | undefined> {
  const manifest = await storedManifest(name, dataFolder);
  if (!manifest) return undefined;
  const { title, shape, classes, splits } = manifest;
  const folder = storedFolder(name, dataFolder);
  const split = async ({ images, pixels, labels }: Manifest['splits']['train']): Promise<Split> => {
    const values = await readArray(folder, pixels);
    const classOf = ints(await readArray(folder, labels));
    checkLabels(classOf, classes.length, path.join(folder, labels.file));
    return {
      shape,
      size: images,
      labels: classOf,
      pixels: manifest.values === 'uint8' ? values : new Float32Array(aligned(values)),
    };
  };
  return { id: name, title, shape, classes, train: await split(splits.train), test: await split(splits.test) };
}

async function readArray(folder: string, { file, bytes, sha256 }: StoredArray): Promise<Uint8Array> {
  const place = path.join(folder, file);
  const again = `Remove the dataset with 'lowland data remove ${path.basename(folder)}' and add it again.`;
  try {
    const { size } = await stat(place);
    if (size !== bytes) throw new AppError('BAD_FILE', `'${place}' has ${size} bytes; it should have ${bytes}.`, again);
    const content = await readFile(place);
    if (sha256Of(content) !== sha256)
      throw new AppError('CHECKSUM', `'${place}' is damaged: its SHA-256 is not the stored one.`, again);
    return bytesOf(content);
  } catch (error) {
    throw fileError(error, place, 'read a dataset');
  }
}

const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const aligned = (bytes: Uint8Array): ArrayBuffer => new Uint8Array(bytes).buffer;
const ints = (bytes: Uint8Array): Int32Array => new Int32Array(aligned(bytes));
const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** Stores a dataset under a name, in place of what may be there. @throws AppError DISK_FULL, NOT_WRITABLE. */
export async function storeDataset(
  name: string,
  { title, classes, train, test }: SourceData,
  source: string,
  dataFolder: string,
): Promise<Manifest> {
  const folder = storedFolder(name, dataFolder);
  const beside = partialName(folder);
  const put = async (file: string, values: ArrayBufferView): Promise<StoredArray> => {
    const bytes = bytesOf(values);
    await writeSynced(path.join(beside, file), bytes);
    return { file, bytes: bytes.length, sha256: sha256Of(bytes) };
  };
  const split = async (of: string, { size, pixels, labels }: Split) => ({
    images: size,
    pixels: await put(`${of}.pixels`, pixels),
    labels: await put(`${of}.labels`, labels),
  });
  try {
    await mkdir(beside, { recursive: true });
    const manifest: Manifest = {
      format: 1,
      title,
      shape: [...train.shape],
      classes: [...classes],
      values: train.pixels instanceof Uint8Array ? 'uint8' : 'float32',
      source,
      added: new Date().toISOString(),
      splits: { train: await split('train', train), test: await split('test', test) },
    };
    await writeSynced(path.join(beside, manifestFile), `${JSON.stringify(manifest, null, 2)}\n`);
    await removeStored(name, dataFolder);
    await rename(beside, folder);
    await syncFolder(path.dirname(folder));
    return manifest;
  } catch (error) {
    await rm(beside, { recursive: true, force: true }).catch(() => undefined);
    throw fileError(error, folder, 'store a dataset');
  }
}

/** Removes a stored dataset; false where there is none. @throws AppError NOT_WRITABLE. */
export async function removeStored(name: string, dataFolder: string): Promise<boolean> {
  const folder = storedFolder(name, dataFolder);
  const doomed = partialName(folder);
  try {
    await rename(folder, doomed);
    await rm(doomed, { recursive: true, force: true });
    return true;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw fileError(error, folder, 'remove a dataset');
  }
}
