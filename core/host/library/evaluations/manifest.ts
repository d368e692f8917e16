/** evaluation.json: what an evaluation was asked to do, with what, and how it stands. Written whole, by rename. */
import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { type CellPlan, evaluationPlan } from '../../../contract/areas/evaluations';
import { writeAtomic } from '../../../lib/atomic';
import { AppError, fileError, systemCode } from '../../../lib/errors';
import type { Json } from '../../../lib/json';

const formatVersion = 1;
const json: v.GenericSchema<Json> = v.lazy(() =>
  v.union([v.string(), v.number(), v.boolean(), v.null(), v.array(json), v.record(v.string(), json)]),
);
const cell: v.GenericSchema<unknown, CellPlan> = v.variant('kind', [
  v.object({ kind: v.literal('clean') }),
  v.object({
    kind: v.literal('attack'),
    attack: v.string(),
    title: v.string(),
    options: v.record(v.string(), json),
    eps: v.number(),
  }),
  v.object({
    kind: v.literal('autoattack'),
    attack: v.literal('autoattack'),
    title: v.string(),
    options: v.record(v.string(), json),
    eps: v.number(),
    parts: v.array(v.object({ attack: v.string(), title: v.string(), options: v.record(v.string(), json) })),
  }),
]);
const schema = v.object({
  format: v.number(),
  id: v.string(),
  plan: evaluationPlan,
  status: v.picklist(['running', 'done', 'stopped']),
  created: v.string(),
  engines: v.array(v.string()),
  /** SHA-256 of the weights file: they stay the same from the first batch to the last. */
  weights: v.string(),
  images: v.pipe(v.number(), v.integer(), v.minValue(1)),
  classes: v.array(v.string()),
  cells: v.pipe(v.array(cell), v.minLength(1), v.maxLength(1024)),
});
export type EvaluationManifest = Omit<v.InferOutput<typeof schema>, 'format'>;

export const evaluationsFolder = (dataFolder: string): string => path.join(dataFolder, 'evaluations');
export const manifestFile = (folder: string): string => path.join(folder, 'evaluation.json');
export const cellFile = (folder: string, cell: number): string => path.join(folder, `cell-${cell}.bin`);

export const writeManifest = (folder: string, manifest: EvaluationManifest): Promise<void> =>
  writeAtomic(manifestFile(folder), `${JSON.stringify({ format: formatVersion, ...manifest }, null, 2)}\n`);

/** @throws AppError NOT_FOUND, BAD_FILE where it is damaged, NEWER_VERSION where a later Lowland wrote it. */
export async function readEvaluation(folder: string): Promise<EvaluationManifest> {
  const file = manifestFile(folder);
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw fileError(error, file, 'read an evaluation');
  });
  const found = v.safeParse(v.pipe(v.string(), v.parseJson(), v.object({ format: v.number() })), text);
  if (found.success && found.output.format > formatVersion)
    throw new AppError(
      'NEWER_VERSION',
      `'${path.basename(folder)}' was written by a newer Lowland (format ${found.output.format}).`,
      'Update Lowland to read it.',
    );
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), text);
  if (!parsed.success)
    throw new AppError(
      'BAD_FILE',
      `The evaluation '${path.basename(folder)}' is damaged: ${parsed.issues[0].message}.`,
      'Remove it, and evaluate again.',
    );
  const { format: _format, ...manifest } = parsed.output;
  return manifest;
}

const isName = (id: string): boolean => /^[\w-][\w.-]{0,199}$/.test(id);

/** Names of the evaluations of a data folder, sorted. */
export async function evaluationNames(dataFolder: string): Promise<string[]> {
  const root = evaluationsFolder(dataFolder);
  const entries = await readdir(root).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return [];
    throw fileError(error, root, 'list evaluations');
  });
  return entries.filter((name) => isName(name) && existsSync(manifestFile(path.join(root, name)))).sort();
}

/** The folder of an evaluation that a window names: never a path. @throws AppError NOT_FOUND. */
export async function evaluationFolder(dataFolder: string, id: string): Promise<string> {
  if ((await evaluationNames(dataFolder)).includes(id)) return path.join(evaluationsFolder(dataFolder), id);
  throw new AppError('NOT_FOUND', `There is no evaluation '${id}'.`, 'It may have been removed.');
}
