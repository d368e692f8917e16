/** What the windows' bench looks at: 60,000 images made by seed, and a run with ten series of 100,000 points that grows while it is watched. */
import path from 'node:path';
import { storeDataset } from '../../../core/data/store';
import { key } from '../../../core/lib/key';
import { toJson } from '../../../core/lib/json';
import { uniforms } from '../../../core/lib/philox';
import { type EventInput, type Run, createRun } from '../../../core/runs/store';
import { configure } from '../../../core/training/configuration';
import { findPreset } from '../../../core/training/presets';

export const datasetName = 'bench-60000';
export const runName = 'bench-monitor';
export const series = 10;
export const points = 100_000;

/** Every image is a gradient with noise of its own, so that nothing about it is easy to draw. */
export async function makeDataset(dataFolder: string, images = 60_000): Promise<void> {
  const shape = [32, 32, 3] as const;
  const stride = 32 * 32 * 3;
  const noise = Uint8Array.from(uniforms(key(0, 'bench/noise'), stride * 64), (value) => value * 96);
  const split = (size: number) => {
    const pixels = new Uint8Array(size * stride);
    for (let i = 0; i < size; i++) {
      const from = (i % 64) * stride;
      for (let j = 0; j < stride; j++) pixels[i * stride + j] = (noise[from + j] ?? 0) + ((i * 37 + j) % 160);
    }
    return { shape, size, pixels, labels: Int32Array.from({ length: size }, (_, i) => i % 10) };
  };
  const classes = Array.from({ length: 10 }, (_, i) => `class ${i}`);
  const source = { title: 'Bench', classes, train: split(images), test: split(1000) };
  await storeDataset(datasetName, source, 'made by seed', dataFolder);
}

const names = [
  ...['loss', 'ce', 'energy.clean', 'energy.adversarial', 'energy.generated'],
  ...['gradientNorm', 'lr', 'imagesPerSecond', 'tensorBytes', 'term'],
];

const event = (step: number): EventInput => ({
  kind: 'step',
  step: step + 1,
  epoch: step / 1000,
  ...Object.fromEntries(
    names.map((name, i) => [
      name,
      Math.sin(step / (500 + 90 * i)) + (step % 997 === 0 ? 8 : 0) + ((step * 7919) % 101) / 200,
    ]),
  ),
});

/** A run that this process goes on writing, as a training does. */
export async function makeRun(dataFolder: string): Promise<Run> {
  const configuration = toJson(configure(await findPreset('fashion-mini/jeat'), {}, 0));
  const folder = path.join(dataFolder, 'runs', runName);
  const run = await createRun(folder, { kind: 'train', name: runName, configuration, seed: 0, engine: 'wasm' });
  for (let step = 0; step < points; step++) run.append(event(step));
  await run.flush();
  return run;
}

/** Appends events twenty times a second until it is told to stop. */
export function growRun(run: Run): () => void {
  let step = points;
  const timer = setInterval(() => run.append(event(step++)), 50);
  return () => clearInterval(timer);
}
