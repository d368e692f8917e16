/** What an evaluation suite found of a model, kept by the model's name in the data folder: the leaderboard is made of these. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { writeAtomic } from '../lib/atomic';
import { AppError } from '../lib/errors';
import { readBounded } from '../lib/read-bounded';

const fraction = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const text = v.pipe(v.string(), v.maxLength(1000));

const schema = v.looseObject({
  format: v.literal(1),
  model: text,
  /** SHA-256 of the file of weights that was judged. */
  weights: text,
  suite: text,
  dataset: text,
  split: text,
  images: v.pipe(v.number(), v.integer(), v.minValue(1)),
  seed: v.number(),
  engine: text,
  /** ISO 8601. */
  date: text,
  /** Where all of it is. */
  folder: v.optional(v.pipe(v.string(), v.maxLength(4096))),
  clean: fraction,
  robust: v.object({ by: text, norm: text, eps: v.number(), accuracy: fraction, images: v.number() }),
  /** With 15 bins. */
  ece: v.number(),
  /** Of -E(x) against uniform noise and interpolations. */
  auroc: v.optional(v.number()),
  /** Fréchet distance of generated images, and what features it is of. */
  frechet: v.optional(v.object({ features: text, distance: v.number(), images: v.number() })),
});
export type Judged = v.InferOutput<typeof schema>;

const maxBytes = 4 * 1024 * 1024;
const folderOf = (dataFolder: string): string => path.join(dataFolder, 'cards');
const fileOf = (dataFolder: string, model: string): string =>
  path.join(folderOf(dataFolder), `${encodeURIComponent(model)}.json`);

/** Replaces what was known of the model. */
export const writeJudged = (dataFolder: string, judged: Judged): Promise<void> =>
  writeAtomic(fileOf(dataFolder, judged.model), `${JSON.stringify(judged, null, 2)}\n`);

/** Every card that can be read, by the model's name; others are left out. */
export async function readAllJudged(dataFolder: string): Promise<Map<string, Judged>> {
  const folder = folderOf(dataFolder);
  const files = await readdir(folder).catch(() => []);
  const found = new Map<string, Judged>();
  for (const name of files.filter((each) => each.endsWith('.json'))) {
    const judged = await read(path.join(folder, name)).catch(() => undefined);
    if (judged) found.set(judged.model, judged);
  }
  return found;
}

/** Undefined where the model was not judged. @throws AppError BAD_FILE for a card that is none. */
export async function readJudged(dataFolder: string, model: string): Promise<Judged | undefined> {
  const file = fileOf(dataFolder, model);
  try {
    return await read(file);
  } catch (error) {
    if (error instanceof AppError && error.code === 'NOT_FOUND') return undefined;
    throw error;
  }
}

async function read(file: string): Promise<Judged> {
  const content = await readBounded(file, maxBytes, 'read an evaluation card');
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), content.toString('utf8'));
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw new AppError(
    'BAD_FILE',
    `The card '${file}' is not valid at '${v.getDotPath(issue) ?? 'its top'}': ${issue.message}.`,
    'Remove it, and evaluate the model again.',
  );
}
