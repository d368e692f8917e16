/** Removing an evaluation is moving its folder to trash/evaluations/<id>~<time> of the data folder, so that it can be undone. */
import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import path from 'node:path';
import { AppError, fileError } from '../../../lib/errors';
import { takeLock } from '../../../runs/lock';
import { evaluationFolder, evaluationsFolder, manifestFile } from './manifest';

const trashFolder = (dataFolder: string): string => path.join(dataFolder, 'trash', 'evaluations');

/** @throws AppError NOT_FOUND; LOCKED while it is being written. */
export async function trashEvaluation(dataFolder: string, id: string): Promise<{ trashed: string }> {
  const folder = await evaluationFolder(dataFolder, id);
  const release = await takeLock(folder);
  await release();
  const trashed = `${id}~${Date.now()}`;
  await move(folder, path.join(trashFolder(dataFolder), trashed), 'remove an evaluation');
  return { trashed };
}

/** @throws AppError NOT_FOUND. */
export async function restoreEvaluation(dataFolder: string, trashed: string): Promise<void> {
  const from = path.join(trashFolder(dataFolder), trashed);
  const to = path.join(evaluationsFolder(dataFolder), trashed.replace(/~\d+$/, ''));
  if (!/^[\w-][\w.-]*~\d+$/.test(trashed) || !existsSync(manifestFile(from)) || existsSync(to))
    throw new AppError(
      'NOT_FOUND',
      `There is no removed evaluation '${trashed}'.`,
      'It may have been restored already.',
    );
  await move(from, to, 'restore an evaluation');
}

async function move(from: string, to: string, doing: string): Promise<void> {
  try {
    await mkdir(path.dirname(to), { recursive: true });
    await rename(from, to);
  } catch (error) {
    throw fileError(error, from, doing);
  }
}
