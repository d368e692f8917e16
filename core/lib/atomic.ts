/** Files that are either whole or absent: written beside their place, forced to disk, then renamed. */
import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { AppError, fileError } from './errors';

/** Marks what is still being written; anything with it that no process holds is left over from a kill. */
export const partial = '.partial-';
export const partialName = (target: string): string => `${target}${partial}${randomBytes(4).toString('hex')}`;

/** Writes `bytes` as `target`, making its folder. A kill or a full disk at any time leaves the old file or the new one. */
export async function writeAtomic(target: string, bytes: Uint8Array | string): Promise<void> {
  const beside = partialName(target);
  try {
    await mkdir(path.dirname(target), { recursive: true });
    await writeSynced(beside, bytes);
    await rename(beside, target);
    await syncFolder(path.dirname(target));
  } catch (error) {
    await rm(beside, { force: true }).catch(() => undefined);
    throw fileError(error, target, 'write a file');
  }
}

/** Writes a file and forces its content to disk. Throws the system's error. */
export async function writeSynced(target: string, bytes: Uint8Array | string): Promise<void> {
  const handle = await open(target, 'wx');
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Forces a folder's entries (new names) to disk, where the system can. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } catch {
    // Some network file systems cannot sync a folder; the rename itself still holds.
  } finally {
    await handle.close();
  }
}

/**
 * `name` inside `folder`, as a path.
 * @throws AppError USAGE when the name is absolute or leaves the folder.
 */
export function inside(folder: string, name: string): string {
  const target = path.resolve(folder, name);
  const relative = path.relative(path.resolve(folder), target);
  if (name === '' || path.isAbsolute(name) || relative === '' || relative.split(path.sep)[0] === '..')
    throw new AppError('USAGE', `'${name}' is no name for a file inside '${folder}'.`);
  return target;
}
