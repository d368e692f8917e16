/** The folder of a run that a window names: one of the data folder's runs, never a path. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { unknownName } from '../../../lib/nearest';
import { runsFolder } from '../../../lib/paths';
import { runNames } from '../../../runs/library';

/** A name of one folder, on every system. */
export const isFolderName = (name: string): boolean => !/[/\\:\0]/.test(name) && name !== '.' && name !== '..';

/** @throws AppError NOT_FOUND naming the nearest run. */
export async function runFolder(dataFolder: string, run: string): Promise<string> {
  const folder = path.join(runsFolder(dataFolder), run);
  if (isFolderName(run) && existsSync(path.join(folder, 'run.json'))) return folder;
  throw unknownName('run', run, await runNames(dataFolder), 'NOT_FOUND');
}
