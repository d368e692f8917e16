/** Glue between the training loop and a run folder: makes the run, trains into it, closes it whatever happens, writes its report. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { loadDataset } from '../../data/load';
import type { Engine, Precision } from '../../engine/engine';
import { currentTuning, writtenTuning } from '../../engine/tuning';
import { toJson } from '../../lib/json';
import type { Progress } from '../../lib/progress';
import { findRun } from '../../runs/library';
import { type Run, createRun, readManifest, resumeRun } from '../../runs/store';
import { type TrainConfiguration, configure, parseConfiguration } from '../../training/configuration';
import type { Preset } from '../../training/presets';
import { type TrainResult, train } from '../../training/train';
import { closing } from '../closing';
import { trainingReport } from './report';

export interface TrainRequest {
  readonly preset: Preset;
  /** '' for one made of the preset, the seed and the time. */
  readonly name: string;
  /** Options by name, as `--set` gives them. */
  readonly set: Readonly<Record<string, string>>;
  readonly precision?: Precision | undefined;
  readonly seed: number;
  readonly engine?: string | undefined;
  readonly dataFolder: string;
  /** The run folder; by default one of that name in the data folder. */
  readonly out?: string | undefined;
  /** Weights to begin with in place of random ones, and where they are from. */
  readonly start?: { readonly weights: Uint8Array; readonly parent: string };
}

const startFile = 'start.safetensors';

/** A new run folder with its configuration resolved and stored. @throws AppError as configure and createRun. */
export async function configureRun(request: TrainRequest): Promise<{ run: Run; configuration: TrainConfiguration }> {
  const { preset, name, set, precision, seed, engine, dataFolder, out, start } = request;
  const configuration = configure(preset, precision ? { precision, ...set } : set, seed);
  const stamp = new Date().toISOString().replace(/[:T]/g, '-').slice(0, 19);
  const title = name || `${preset.id.replace(/\W+/g, '-')}-seed${seed}-${stamp}`;
  const folder = path.resolve(out ?? path.join(dataFolder, 'runs', title));
  const run = await createRun(folder, {
    kind: 'train',
    name: out ? name || path.basename(folder) : title,
    configuration: toJson(configuration),
    seed,
    engine: engine ?? 'auto',
    ...(start ? { parent: start.parent } : {}),
  });
  if (start)
    await run.file(startFile, start.weights).catch(async (error: unknown) => {
      await run.close('failed');
      throw error;
    });
  return { run, configuration };
}

/** An interrupted, stopped or paused run, open for the rest of its work. @throws AppError as findRun and resumeRun. */
export async function reopenRun(
  nameOrPath: string,
  dataFolder: string,
): Promise<{ run: Run; configuration: TrainConfiguration }> {
  const folder = await findRun(nameOrPath, dataFolder);
  // Before the run is opened: one that cannot go on stays as it is.
  const configuration = parseConfiguration((await readManifest(folder)).configuration, folder);
  return { run: await resumeRun(folder), configuration };
}

export interface TrainWork {
  readonly dataFolder: string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** Called once the run is open; whoever opens the engine here closes it. */
  readonly engine: () => Promise<Engine>;
}

export type TrainSummary = Omit<TrainResult, 'weights'> & { engine: string; seconds: number };

/** Trains (or goes on) into the run; the run ends 'done', 'stopped' or 'failed', and always unlocked. */
export async function runTraining(
  run: Run,
  configuration: TrainConfiguration,
  { dataFolder, progress, signal, engine: open }: TrainWork,
): Promise<TrainSummary> {
  const summary = await closing(run, async () => {
    const before = run.manifest.engine;
    const { dataset: id, seed, training } = configuration;
    const dataset = await loadDataset(id, { dataFolder, seed });
    const engine = await open();
    if (before !== 'auto' && before !== engine.id)
      progress.note(`The run began on engine ${before}; on ${engine.id} it goes on, but not bit for bit.`);
    const threads = engine.id === 'tensorflow' ? { threads: writtenTuning(currentTuning()) } : {};
    if (run.manifest.versions.threads !== undefined && run.manifest.versions.threads !== threads.threads)
      progress.note('The run began with other threads; it goes on, but not bit for bit.');
    const versions = { ...run.manifest.versions, [engine.id]: engine.version, ...threads };
    await run.update({ engine: engine.id, versions });
    const start = path.join(run.folder, startFile);
    const { name } = run.manifest;
    const { weights, ...found } = await train({
      configuration,
      dataset,
      engine,
      sink: run,
      progress,
      signal,
      name,
      ...(existsSync(start) ? { start: await readFile(start) } : {}),
    });
    const best = training.select === 'best' ? await readFile(path.join(run.folder, 'best.safetensors')) : undefined;
    await run.file('weights.safetensors', best ?? weights);
    await run.update({ results: toJson(found) });
    await run.file('report.html', await trainingReport(run, configuration));
    return { ...found, engine: engine.id };
  });
  return { ...summary, seconds: run.manifest.timings.seconds };
}
