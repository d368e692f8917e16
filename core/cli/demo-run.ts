/** The demo's work: one run folder that holds a training, samples, an attack, energy panels, a descent, and the report of it all. */
import path from 'node:path';
import { loadDataset } from '../data/load';
import type { Engine } from '../engine/engine';
import { openEngine } from '../engine/open';
import { toPng } from '../figures/svg-png';
import { toJson } from '../lib/json';
import { decodeModel } from '../models/weights';
import { createRun, readManifest, removeRun } from '../runs/store';
import { configure } from '../training/configuration';
import { findPreset } from '../training/presets';
import { train } from '../training/train';
import { closing } from '../host/closing';
import type { CommandContext } from './command';
import { type DemoParts, attackTrained, drawPanels, sampleTrained, walkNoise } from './demo-parts';
import { demoReport } from './demo-report';

export interface DemoResult {
  readonly run: string;
  readonly report: string;
  readonly clean: number;
  readonly robust: number;
  readonly images: readonly string[];
  readonly figures: readonly string[];
  readonly seconds: number;
  readonly engine: string;
}

export async function runDemo(preset: string, context: CommandContext): Promise<DemoResult> {
  const began = performance.now();
  const { seed, progress, signal } = context;
  const configuration = configure(await findPreset(preset), context.set, seed);
  const folder = path.resolve(context.out ?? path.join(context.dataFolder, 'runs', 'demo'));
  await clearEarlier(folder);
  const run = await createRun(folder, {
    kind: 'demo',
    name: path.basename(folder),
    configuration: toJson(configuration),
    seed,
    engine: 'auto',
  });
  let engine: Engine | undefined;
  try {
    return await closing(run, async () => {
      engine = await openEngine(context.engine);
      await run.update({ engine: engine.id, versions: { ...run.manifest.versions, [engine.id]: engine.version } });
      const dataset = await loadDataset(configuration.dataset, { dataFolder: context.dataFolder, seed });
      progress.note(`Demo on ${dataset.title}, engine ${engine.id} (${engine.device}), seed ${seed}, into ${folder}`);
      const { name } = run.manifest;
      const trained = await train({ configuration, dataset, engine, sink: run, progress, signal, name });
      await run.file('weights.safetensors', trained.weights);
      const result = await lookAtAll({ run, engine, dataset, context, configuration }, trained.weights);
      const seconds = (performance.now() - began) / 1000;
      await run.update({ results: toJson({ ...result, seconds }) });
      const report = path.join(folder, 'report.html');
      await run.file('report.html', await demoReport(run, configuration, result, seconds));
      return { run: folder, report, ...absolute(result, folder), seconds, engine: engine.id };
    });
  } finally {
    await engine?.dispose();
  }
}

/** A folder of an earlier demo is replaced whole; anything else is left alone, and createRun refuses it. */
async function clearEarlier(folder: string): Promise<void> {
  const earlier = await readManifest(folder).catch(() => undefined);
  if (earlier?.kind === 'demo') await removeRun(folder);
}

type Looked = Omit<DemoResult, 'run' | 'report' | 'seconds' | 'engine'>;

async function lookAtAll(parts: DemoParts, weights: Uint8Array): Promise<Looked> {
  const { run, context } = parts;
  const own = decodeModel(weights, 'weights.safetensors');
  const provenance = {
    run: run.manifest.name,
    seed: String(context.seed),
    engine: parts.engine.id,
    lowland: run.manifest.versions.lowland ?? '',
  };
  const save = async (name: string, svg: string): Promise<string[]> => {
    await run.image(`${name}.svg`, new TextEncoder().encode(svg));
    await run.image(`${name}.png`, await toPng(svg, { scale: 2, provenance }));
    return [`images/${name}.svg`, `images/${name}.png`];
  };
  try {
    const { clean, robust } = await attackTrained(parts, own);
    await run.image('samples.png', await sampleTrained(parts, own, provenance));
    const panels = await drawPanels(parts, provenance);
    const descent = await walkNoise(parts, provenance);
    const figures = [
      ...(panels ? await save('energy', panels) : []),
      ...(descent ? await save('descent', descent) : []),
    ];
    return { clean, robust, images: ['images/samples.png'], figures };
  } finally {
    for (const tensor of Object.values(own.weights)) tensor.dispose();
  }
}

const absolute = (looked: Looked, folder: string): Looked => ({
  ...looked,
  images: looked.images.map((name) => path.join(folder, name)),
  figures: looked.figures.map((name) => path.join(folder, name)),
});
