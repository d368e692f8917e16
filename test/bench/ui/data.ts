/** What the windows' bench looks at: 60,000 images made by seed, and a run with ten series of 100,000 points that grows while it is watched. */
import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { storeDataset } from '../../../core/data/store';
import { key } from '../../../core/lib/key';
import { uniforms } from '../../../core/lib/philox';

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

const line = (step: number): string => {
  const values = Object.fromEntries(
    names.map((name, i) => [
      name,
      Math.sin(step / (500 + 90 * i)) + (step % 997 === 0 ? 8 : 0) + ((step * 7919) % 101) / 200,
    ]),
  );
  return JSON.stringify({
    kind: 'step',
    step: step + 1,
    epoch: step / 1000,
    ...values,
    seq: step,
    t: 1.7e12 + step * 100,
  });
};

export async function makeRun(dataFolder: string, manifest: string): Promise<void> {
  const folder = path.join(dataFolder, 'runs', runName);
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'run.json'), manifest);
  await writeFile(
    path.join(folder, 'events.jsonl'),
    `${Array.from({ length: points }, (_, i) => line(i)).join('\n')}\n`,
  );
}

/** Appends events twenty times a second until it is told to stop. */
export function growRun(dataFolder: string): () => void {
  const file = path.join(dataFolder, 'runs', runName, 'events.jsonl');
  let step = points;
  const timer = setInterval(() => void appendFile(file, `${line(step++)}\n`), 50);
  return () => clearInterval(timer);
}
