/** What the commands that measure a model over a split share: their flags, and what is made of them. */
import { splitNames } from '../data/dataset';
import { writeAtomic } from '../lib/atomic';
import { unknownName } from '../lib/nearest';
import { type Values, count, text } from '../lib/options';
import type { MeasurePlan } from '../metrics/measure';
import { type CommandContext, compileOptions } from './command';

export const measureOptions = (images: number) => ({
  n: count(images, 'Images, from the start of the split.', { min: 1, unit: 'images' }),
  data: text('', 'Dataset; by default the one the model was trained on.'),
  split: text('test', 'train, validation or test.'),
  batch: count(128, 'Images computed together.', { min: 1, max: 4096, unit: 'images' }),
});
export type MeasureFlags = Values<ReturnType<typeof measureOptions>>;

/** @throws AppError UNKNOWN_NAME. */
export function splitNamed(name: string): (typeof splitNames)[number] {
  const found = splitNames.find((known) => known === name);
  if (!found) throw unknownName('split', name, splitNames);
  return found;
}

export const measurePlan = ({ n, batch }: MeasureFlags, context: CommandContext, task: string): MeasurePlan => ({
  images: n,
  batch,
  seed: context.seed,
  compile: compileOptions(context),
  signal: context.signal,
  tell: (done) => context.progress.update(task, Math.round(100 * done), 100, '%'),
});

/** Writes figures beside each other: the first as `out`, the others with their name added. Gives back the files. */
export async function writeFigures(
  out: string,
  figures: readonly { readonly name?: string; readonly svg: string }[],
): Promise<string[]> {
  const base = out.replace(/\.svg$/i, '');
  const files = figures.map(({ name, svg }) => ({ file: `${base}${name ? `-${name}` : ''}.svg`, svg }));
  for (const { file, svg } of files) await writeAtomic(file, svg);
  return files.map(({ file }) => file);
}

export const percent = (fraction: number): string => `${(100 * fraction).toFixed(1)} %`;
