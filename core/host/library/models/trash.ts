/** Removing an imported model is moving its weights and its card to trash/models/ of the data folder, so that it can be undone. */
import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import path from 'node:path';
import { AppError, fileError, systemCode } from '../../../lib/errors';
import { importedFolder, locateModel } from '../../../models/library';

const trashFolder = (dataFolder: string): string => path.join(dataFolder, 'trash', 'models');
const cardOf = (file: string): string => file.replace(/\.safetensors$/, '.json');

/** @throws AppError UNKNOWN_NAME; USAGE for a model that was not imported. */
export async function trashModel(dataFolder: string, model: string): Promise<{ trashed: string }> {
  const { name, file, source } = await locateModel(model, dataFolder);
  if (source !== 'imported')
    throw new AppError(
      'USAGE',
      `'${model}' was not imported; only imported models can be removed.`,
      source === 'run' ? 'Remove its run in the Train view.' : undefined,
    );
  const trashed = `${name.replaceAll('/', '~')}~${Date.now()}`;
  await move(file, path.join(trashFolder(dataFolder), `${trashed}.safetensors`), 'remove a model');
  return { trashed };
}

/** The name it has again. @throws AppError NOT_FOUND; USAGE when a new model has the name. */
export async function restoreModel(dataFolder: string, trashed: string): Promise<string> {
  const from = path.join(trashFolder(dataFolder), `${trashed}.safetensors`);
  if (!/^\w[\w.~-]*~\d+$/.test(trashed) || !existsSync(from))
    throw new AppError('NOT_FOUND', `There is no removed model '${trashed}'.`, 'It may have been restored already.');
  const name = trashed.replace(/~\d+$/, '').replaceAll('~', '/');
  const to = path.join(importedFolder(dataFolder), `${name}.safetensors`);
  if (existsSync(to)) throw new AppError('USAGE', `There is another model '${name}' now.`, 'Remove that one first.');
  await move(from, to, 'restore a model');
  return name;
}

/** The card goes first: weights without it are a model, a card without weights is none. */
async function move(from: string, to: string, doing: string): Promise<void> {
  try {
    await mkdir(path.dirname(to), { recursive: true });
    await rename(cardOf(from), cardOf(to)).catch((error: unknown) => {
      if (systemCode(error) !== 'ENOENT') throw error;
    });
    await rename(from, to);
  } catch (error) {
    throw fileError(error, from, doing);
  }
}
