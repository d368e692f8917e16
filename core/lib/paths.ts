/** Where things are: the package itself and the user's data folder. */
import { existsSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of package.json, found upwards from this file (source or bundle). */
export const packageRoot: string = (() => {
  let folder = path.dirname(fileURLToPath(import.meta.url));
  while (!existsSync(path.join(folder, 'package.json')) && path.dirname(folder) !== folder)
    folder = path.dirname(folder);
  return folder;
})();

/** The version that a package.json states. */
export function versionIn(file: string): string {
  const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
  return typeof parsed === 'object' && parsed !== null && 'version' in parsed ? String(parsed.version) : 'unknown';
}

export const lowlandVersion = (): string => versionIn(path.join(packageRoot, 'package.json'));

export const assetsFolder = path.join(packageRoot, 'assets');

/** Where datasets, imported models, runs and built engines of this user live. */
export function dataFolder(chosen?: string): string {
  if (chosen) return path.resolve(chosen);
  if (process.env.LOWLAND_DATA) return path.resolve(process.env.LOWLAND_DATA);
  if (process.platform === 'win32')
    return path.join(process.env.LOCALAPPDATA ?? path.join(os.homedir(), 'AppData', 'Local'), 'Lowland');
  if (process.platform === 'darwin') return path.join(os.homedir(), 'Library', 'Application Support', 'Lowland');
  return path.join(process.env.XDG_DATA_HOME ?? path.join(os.homedir(), '.local', 'share'), 'lowland');
}

/** Where runs go that get no --out. */
export const runsFolder = (dataFolderPath: string): string => path.join(dataFolderPath, 'runs');
