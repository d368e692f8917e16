/** The trash of the data folder: runs, and below it evaluations and models, each named by what it was and when it was removed. */
import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { TrashSize } from '../../contract/areas/app';
import { fileError, systemCode } from '../../lib/errors';

/** What was removed longer ago goes at the next start. */
export const keptMilliseconds = 30 * 24 * 3600 * 1000;

const trashFolder = (dataFolder: string): string => path.join(dataFolder, 'trash');

/** 'jeat-1~1700000000000', 'own~jeat~1700000000000.safetensors': only what Lowland put there. */
const removedAt = (name: string): number => Number(/~(\d+)(?:\.safetensors|\.json)?$/.exec(name)?.[1] ?? NaN);

/** @throws AppError where the trash cannot be read. */
export async function trashSize(dataFolder: string): Promise<TrashSize> {
  const files = await trashed(dataFolder);
  const sizes = await Promise.all(files.map((file) => bytesIn(file)));
  return { items: itemsOf(files), bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

/** Deletes what was removed before `before` (milliseconds), by default all; what it deleted. @throws AppError NOT_WRITABLE. */
export async function emptyTrash(dataFolder: string, before = Infinity): Promise<TrashSize> {
  const files = (await trashed(dataFolder)).filter((file) => removedAt(path.basename(file)) < before);
  let bytes = 0;
  for (const file of files) {
    bytes += await bytesIn(file);
    await rm(file, { recursive: true, force: true }).catch((error: unknown) => {
      throw fileError(error, file, 'empty the trash');
    });
  }
  return { items: itemsOf(files), bytes };
}

/** Every folder and file that was removed. */
async function trashed(dataFolder: string): Promise<string[]> {
  const root = trashFolder(dataFolder);
  const lists = await Promise.all(
    [root, path.join(root, 'evaluations'), path.join(root, 'models')].map(async (folder) =>
      (await entries(folder)).filter((name) => !Number.isNaN(removedAt(name))).map((name) => path.join(folder, name)),
    ),
  );
  return lists.flat();
}

/** A model is weights and a card. */
const itemsOf = (files: readonly string[]): number =>
  new Set(files.map((file) => file.replace(/\.(safetensors|json)$/, ''))).size;

const entries = (folder: string): Promise<string[]> =>
  readdir(folder).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return [];
    throw fileError(error, folder, 'read the trash');
  });

/** What vanishes meanwhile counts nothing; links are not followed. */
async function bytesIn(file: string): Promise<number> {
  const found = await readdir(file, { withFileTypes: true }).catch(() => undefined);
  if (!found)
    return stat(file).then(
      ({ size }) => size,
      () => 0,
    );
  const sizes = found.map((entry) => (entry.isSymbolicLink() ? 0 : bytesIn(path.join(file, entry.name))));
  return (await Promise.all(sizes)).reduce<number>((sum, size) => sum + size, 0);
}
