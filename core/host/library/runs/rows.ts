/** The list of runs, looked at once a second while somebody follows it; only what changed on disk is read again. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { RunRow } from '../../../contract/areas/runs';
import { AppError } from '../../../lib/errors';
import { isJsonObject, type Json } from '../../../lib/json';
import { runsFolder } from '../../../lib/paths';
import type { RunManifest } from '../../../runs/manifest';
import { readRun, runNames } from '../../../runs/library';
import { RunScores } from './scores';
import { pause } from './pause';

/** Milliseconds between looks. */
const look = 1000;

interface Known {
  /** Sizes and times of the files that the row is made of. */
  stamp: string;
  row: RunRow;
  readonly scores: RunScores;
}

/** Follows the runs of a data folder. Readers share one memory of what was read. */
export function runList(dataFolder: string) {
  const root = runsFolder(dataFolder);
  let known = new Map<string, Known>();
  let reading: Promise<readonly RunRow[]> | undefined;

  async function readAll(): Promise<readonly RunRow[]> {
    const next = new Map<string, Known>();
    for (const run of await runNames(dataFolder)) {
      const folder = path.join(root, run);
      const before = known.get(run);
      const stamp = await stampOf(folder);
      // a run that runs may have lost its process without any file to tell
      const same = before && before.stamp === stamp && before.row.state !== 'running';
      const scores = before?.scores ?? new RunScores(folder);
      next.set(run, same ? before : { stamp, scores, row: await rowOf(run, folder, scores) });
    }
    known = next;
    return [...known.values()].map(({ row }) => row);
  }

  return {
    async *follow(signal: AbortSignal): AsyncGenerator<readonly RunRow[], void, undefined> {
      let told: string | undefined;
      while (!signal.aborted) {
        reading ??= readAll().finally(() => (reading = undefined));
        const rows = await reading;
        const text = JSON.stringify(rows);
        if (text !== told) yield rows;
        told = text;
        await pause(look, signal);
      }
    },
  };
}

async function stampOf(folder: string): Promise<string> {
  const files = ['run.json', 'events.jsonl', 'lock'].map((name) => path.join(folder, name));
  const stats = await Promise.all(files.map((file) => stat(file).catch(() => undefined)));
  return stats.map((found) => (found ? `${found.ino}/${found.size}/${found.mtimeMs}` : '-')).join(' ');
}

async function rowOf(run: string, folder: string, scores: RunScores): Promise<RunRow> {
  try {
    const { manifest, state } = await readRun(folder);
    const { kind, name, configuration, seed, parent, timings } = manifest;
    const preset = text(configuration.name);
    const dataset = text(configuration.dataset);
    const objective = isJsonObject(configuration.objective) ? text(configuration.objective.id) : undefined;
    return {
      run,
      state,
      kind,
      title: name,
      ...(preset ? { preset } : {}),
      ...(dataset ? { dataset } : {}),
      ...(objective ? { objective } : {}),
      seed,
      created: timings.created,
      updated: timings.updated,
      seconds: timings.seconds + (await unsaved(folder, manifest)),
      ...(parent ? { parent } : {}),
      ...(await scores.read()),
    };
  } catch (error) {
    return { run, state: 'unreadable', problem: error instanceof AppError ? error.message : String(error) };
  }
}

/** Seconds of work since run.json was written: a run that works, or was killed, has worked until its last event. */
async function unsaved(folder: string, { status, timings }: RunManifest): Promise<number> {
  if (status !== 'running') return 0;
  const log = await stat(path.join(folder, 'events.jsonl')).catch(() => undefined);
  return log ? Math.max(0, (log.mtimeMs - Date.parse(timings.updated)) / 1000) : 0;
}

const text = (value: Json | undefined): string | undefined => (typeof value === 'string' ? value : undefined);
