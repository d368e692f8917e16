/** The weights of a run folder, as training leaves them: its result, else its newest checkpoint. */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../lib/errors';
import { runsFolder } from '../lib/paths';

const weightsFile = 'weights.safetensors';

/**
 * The weights file of a run, named as one of the data folder or by the path of its folder; undefined where that is no run.
 * @throws AppError NOT_FOUND for a run without weights.
 */
export async function runWeights(run: string, dataFolder: string): Promise<string | undefined> {
  const places = [path.resolve(run), ...(/^[\w.-]+$/.test(run) ? [path.join(runsFolder(dataFolder), run)] : [])];
  const folder = places.find((place) => existsSync(path.join(place, 'run.json')));
  if (!folder) return undefined;
  const steps = (await readdir(path.join(folder, 'checkpoints')).catch(() => []))
    .filter((entry) => /^step-\d+$/.test(entry))
    .sort((a, b) => Number(b.slice(5)) - Number(a.slice(5)));
  const candidates = [weightsFile, ...steps.map((step) => path.join('checkpoints', step, weightsFile))];
  const found = candidates.map((file) => path.join(folder, file)).find((file) => existsSync(file));
  if (found) return found;
  throw new AppError(
    'NOT_FOUND',
    `The run '${run}' has no weights.`,
    'Train it on until its first checkpoint, or choose another.',
  );
}
