/** A run in full, and what several runs were asked to do differently. */
import path from 'node:path';
import type { ConfigurationDifference, RunDetails } from '../../../contract/areas/runs';
import type { Json } from '../../../lib/json';
import { listCheckpoints } from '../../../runs/checkpoints';
import { askedOf } from '../../../runs/compare';
import { readRun } from '../../../runs/library';
import type { RunManifest } from '../../../runs/manifest';
import { pieces } from './batch';
import { LineTail } from './tail';

export async function runDetails(run: string, folder: string): Promise<RunDetails> {
  const [{ manifest, state }, checkpoints] = await Promise.all([readRun(folder), listCheckpoints(folder)]);
  const totalSteps = await stepsOf(manifest, folder);
  return { run, folder, state, manifest, checkpoints, ...(totalSteps === undefined ? {} : { totalSteps }) };
}

/** Steps that the configuration asks for. By epochs it takes the number of images, which the first step's share of an epoch tells. */
async function stepsOf({ configuration }: RunManifest, folder: string): Promise<number | undefined> {
  const { training } = configuration;
  if (typeof training !== 'object' || training === null || !('steps' in training)) return undefined;
  const { steps, epochs, batch } = training;
  if (typeof steps === 'number' && steps > 0) return steps;
  if (typeof epochs !== 'number' || typeof batch !== 'number') return undefined;
  for await (const lines of new LineTail(path.join(folder, 'events.jsonl')).news())
    for (const { steps: found } of pieces(lines.toString('utf8', 0, lines.indexOf('\n') + 1), -1)) {
      const images = Math.round(((found.step[0] ?? NaN) * batch) / (found.epoch[0] ?? NaN));
      return images > 0 ? Math.max(1, Math.round(epochs * Math.max(1, Math.floor(images / batch)))) : undefined;
    }
  return undefined;
}

/** Only the options whose values are not the same in all of them. */
export async function differences(folders: readonly string[]): Promise<ConfigurationDifference[]> {
  const all = (await Promise.all(folders.map(readRun))).map(({ manifest }) => askedOf(manifest));
  return [...new Set(all.flatMap((options) => Object.keys(options)))].flatMap((option) => {
    const values = all.map((options) => written(options[option]));
    return new Set(values).size > 1 ? [{ option, values }] : [];
  });
}

const written = (value: Json | undefined): string =>
  value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);
