/** The runs of a data folder: finding one by name or path, listing them with how they stand. */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { systemCode, fileError } from '../lib/errors';
import { unknownName } from '../lib/nearest';
import { runsFolder } from '../lib/paths';
import { lockHolder } from './lock';
import { readManifest, type RunManifest, type RunStatus } from './manifest';

/** 'interrupted': its process went without a word (kill -9, power); it can be resumed. */
export type RunState = RunStatus | 'interrupted';

export interface RunEntry {
  readonly folder: string;
  readonly manifest: RunManifest;
  readonly state: RunState;
}

const isRun = (folder: string): boolean => existsSync(path.join(folder, 'run.json'));

/**
 * The folder of a run given by path, or by name among the user's runs.
 * @throws AppError UNKNOWN_NAME with the nearest name.
 */
export async function findRun(nameOrPath: string, dataFolder: string): Promise<string> {
  const places = [path.resolve(nameOrPath), path.join(runsFolder(dataFolder), nameOrPath)];
  const found = places.find(isRun);
  if (found) return found;
  throw unknownName('run', nameOrPath, await runNames(dataFolder), 'NOT_FOUND');
}

/** Folder names of the user's runs, sorted. */
export async function runNames(dataFolder: string): Promise<string[]> {
  const root = runsFolder(dataFolder);
  try {
    return (await readdir(root)).filter((name) => isRun(path.join(root, name))).sort();
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw fileError(error, root, 'list runs');
  }
}

/** @throws AppError as readManifest. */
export async function readRun(folder: string): Promise<RunEntry> {
  const manifest = await readManifest(folder);
  const left = manifest.status === 'running' && !(await lockHolder(folder));
  return { folder, manifest, state: left ? 'interrupted' : manifest.status };
}
