/** Removing a run is moving its folder to trash/<run>~<time> of the data folder, so that it can be undone. */
import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import path from 'node:path';
import { AppError, fileError } from '../../../lib/errors';
import { runsFolder } from '../../../lib/paths';
import { takeLock } from '../../../runs/lock';
import { isFolderName } from './folder';

const trashFolder = (dataFolder: string): string => path.join(dataFolder, 'trash');

/** @throws AppError LOCKED while the run is being written. */
export async function trashRun(dataFolder: string, folder: string): Promise<{ trashed: string }> {
  const release = await takeLock(folder);
  await release();
  const trashed = `${path.basename(folder)}~${Date.now()}`;
  try {
    await mkdir(trashFolder(dataFolder), { recursive: true });
    await rename(folder, path.join(trashFolder(dataFolder), trashed));
  } catch (error) {
    throw fileError(error, folder, 'remove a run');
  }
  return { trashed };
}

/** @throws AppError NOT_FOUND, or NOT_WRITABLE when a new run has the name. */
export async function restoreRun(dataFolder: string, trashed: string): Promise<void> {
  const from = path.join(trashFolder(dataFolder), trashed);
  const run = trashed.replace(/~\d+$/, '');
  if (!isFolderName(trashed) || !existsSync(path.join(from, 'run.json')))
    throw new AppError('NOT_FOUND', `There is no removed run '${trashed}'.`, 'It may have been restored already.');
  const to = path.join(runsFolder(dataFolder), run);
  if (existsSync(to))
    throw new AppError('NOT_WRITABLE', `There is another run '${run}' now.`, 'Remove or rename that one first.');
  await mkdir(runsFolder(dataFolder), { recursive: true });
  await rename(from, to).catch((error: unknown) => {
    throw fileError(error, to, 'restore a run');
  });
}
