/** Glue between the training loop and a run folder: makes the run, trains into it, closes it whatever happens, writes its report. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { loadDataset } from '../data/load';
import { openEngine } from '../engine/open';
import { type Engine, engineIds } from '../engine/engine';
import { adoptTuning, currentTuning, writtenTuning } from '../engine/tuning';
import { toJson } from '../lib/json';
import { type Run, createRun } from '../runs/store';
import { type TrainConfiguration, configure } from '../training/configuration';
import { findPreset } from '../training/presets';
import { type TrainResult, train } from '../training/train';
import { closing } from './closing';
import type { CommandContext } from './command';
import { trainingReport } from './train-report';

export interface TrainRequest {
  readonly preset: string;
  readonly name: string;
}

/** A new run folder with its configuration resolved and stored. */
export async function configureRun(
  { preset, name }: TrainRequest,
  context: CommandContext,
): Promise<{ run: Run; configuration: TrainConfiguration }> {
  const { precision, set } = context;
  const configuration = configure(await findPreset(preset), precision ? { precision, ...set } : set, context.seed);
  const stamp = new Date().toISOString().replace(/[:T]/g, '-').slice(0, 19);
  const title = name || `${preset.replace(/\W+/g, '-')}-seed${context.seed}-${stamp}`;
  const folder = path.resolve(context.out ?? path.join(context.dataFolder, 'runs', title));
  const run = await createRun(folder, {
    kind: 'train',
    name: context.out ? name || path.basename(folder) : title,
    configuration: toJson(configuration),
    seed: context.seed,
    engine: context.engine ?? 'auto',
  });
  return { run, configuration };
}

export type TrainSummary = Omit<TrainResult, 'weights'> & { engine: string; seconds: number };

/** Trains (or goes on) into the run; the run ends 'done', 'stopped' or 'failed', and always unlocked. */
export async function runTraining(
  run: Run,
  configuration: TrainConfiguration,
  context: CommandContext,
): Promise<TrainSummary> {
  let engine: Engine | undefined;
  try {
    const summary = await closing(run, async () => {
      const before = run.manifest.engine;
      const { dataset: id, seed, training } = configuration;
      const dataset = await loadDataset(id, { dataFolder: context.dataFolder, seed });
      adoptTuning(run.manifest.versions.threads);
      engine = await openEngine(context.engine ?? engineIds.find((known) => known === before));
      if (before !== 'auto' && before !== engine.id)
        context.progress.note(`The run began on engine ${before}; on ${engine.id} it goes on, but not bit for bit.`);
      const threads = engine.id === 'tensorflow' ? { threads: writtenTuning(currentTuning()) } : {};
      const versions = { ...run.manifest.versions, [engine.id]: engine.version, ...threads };
      await run.update({ engine: engine.id, versions });
      const { progress, signal } = context;
      const { weights, ...found } = await train({
        configuration,
        dataset,
        engine,
        sink: run,
        progress,
        signal,
        name: run.manifest.name,
      });
      const best = training.select === 'best' ? await readFile(path.join(run.folder, 'best.safetensors')) : undefined;
      await run.file('weights.safetensors', best ?? weights);
      await run.update({ results: toJson(found) });
      await run.file('report.html', await trainingReport(run, configuration));
      return { ...found, engine: engine.id };
    });
    return { ...summary, seconds: run.manifest.timings.seconds };
  } finally {
    await engine?.dispose();
  }
}
