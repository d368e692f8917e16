/**
 * The state of an evaluation on disk. evaluation.json says what is measured; records.jsonl gets a line after every (block, attack), forced to
 * disk before the next begins. What a kill tore off its end is cut away.
 */
import { type FileHandle, mkdir, open, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { isDeepStrictEqual as same } from 'node:util';
import * as v from 'valibot';
import { ballNorms } from '../attacks/perturb';
import { splitNames } from '../data/dataset';
import { writeAtomic } from '../lib/atomic';
import { AppError, fileError, systemCode } from '../lib/errors';
import type { Json } from '../lib/json';
import { blockCount, blockRange } from '../metrics/autoattack/blocks';
import { flagIds } from '../metrics/autoattack/flags';
import { type EvaluationRecord, recordSchema } from '../metrics/autoattack/records';
import type { Suite } from '../metrics/autoattack/suite';
import { takeLock } from '../runs/lock';

const formatVersion = 1;
const json: v.GenericSchema<Json> = v.lazy(() =>
  v.union([v.string(), v.number(), v.boolean(), v.null(), v.array(json), v.record(v.string(), json)]),
);
const whole = v.pipe(v.number(), v.integer(), v.minValue(0));
const positive = v.pipe(v.number(), v.integer(), v.minValue(1));
const suite: v.GenericSchema<unknown, Suite> = v.object({
  id: v.string(),
  title: v.string(),
  norm: v.picklist(ballNorms),
  eps: v.number(),
  parts: v.array(v.object({ attack: v.string(), title: v.string(), options: v.record(v.string(), json) })),
  flags: v.array(v.object({ id: v.picklist(flagIds), sentence: v.string() })),
});
const planSchema = v.object({
  /** SHA-256 of the weights and of the images: they stay the same from the first block to the last. */
  model: v.object({ name: v.string(), weights: v.string() }),
  data: v.object({ id: v.string(), split: v.picklist(splitNames), digest: v.string() }),
  images: positive,
  block: positive,
  seed: whole,
  precision: v.string(),
  suites: v.array(suite),
});
const headerSchema = v.object({
  format: v.literal(formatVersion),
  plan: planSchema,
  shard: v.object({ index: whole, count: positive }),
  /** Those that worked at it, each once. */
  engines: v.array(v.string()),
});
export type EvaluationPlan = v.InferOutput<typeof planSchema>;
export type EvaluationHeader = Omit<v.InferOutput<typeof headerSchema>, 'format' | 'engines'> & {
  readonly engines: readonly string[];
};

const headerFile = (folder: string): string => path.join(folder, 'evaluation.json');
const recordsFile = (folder: string): string => path.join(folder, 'records.jsonl');
export const resultFile = (folder: string): string => path.join(folder, 'result.json');
export const imagesFile = (folder: string): string => path.join(folder, 'images.csv');

/** 'go on': also begins where there is nothing yet. 'begin': refuses a folder with an evaluation. 'anew': removes what is there. */
export type Opening = 'go on' | 'begin' | 'anew';

/** The evaluation in a folder, which nobody else writes to as long as it is open. */
export class EvaluationFolder {
  private constructor(
    readonly folder: string,
    /** What was found before. */
    readonly records: readonly EvaluationRecord[],
    /** All that worked at it, this one too; and which did last, before this one. */
    readonly engines: readonly string[],
    readonly lastEngine: string | undefined,
    private readonly handle: FileHandle,
    private readonly release: () => Promise<void>,
  ) {}

  /** @throws AppError LOCKED, BAD_OPTION, BAD_DATA naming what differs from the evaluation that is there, BAD_FILE. */
  static async open(folder: string, header: EvaluationHeader, how: Opening): Promise<EvaluationFolder> {
    await mkdir(folder, { recursive: true }).catch((error: unknown) => {
      throw fileError(error, folder, 'keep an evaluation');
    });
    const release = await takeLock(folder);
    try {
      if (how === 'anew') await clear(folder);
      const before = await readHeader(folder);
      if (before && how === 'begin')
        throw new AppError(
          'BAD_OPTION',
          `'${folder}' holds an evaluation of '${before.plan.model.name}' already.`,
          'Go on with it by --resume, or choose another --out.',
        );
      if (before) checkSame(folder, before, header);
      const engines = [...(before?.engines ?? []).filter((id) => !header.engines.includes(id)), ...header.engines];
      await writeAtomic(
        headerFile(folder),
        `${JSON.stringify({ format: formatVersion, ...header, engines }, null, 2)}\n`,
      );
      const { records, bytes } = await readRecords(folder, header.plan);
      const handle = await open(recordsFile(folder), 'a');
      await handle.truncate(bytes);
      return new EvaluationFolder(folder, records, engines, before?.engines.at(-1), handle, release);
    } catch (error) {
      await release();
      throw fileError(error, folder, 'keep an evaluation');
    }
  }

  async append(record: EvaluationRecord): Promise<void> {
    try {
      await this.handle.appendFile(`${JSON.stringify(record)}\n`);
      await this.handle.sync();
    } catch (error) {
      throw fileError(error, recordsFile(this.folder), 'keep an evaluation');
    }
  }

  async close(): Promise<void> {
    await this.handle.close();
    await this.release();
  }
}

async function clear(folder: string): Promise<void> {
  for (const file of [headerFile, recordsFile, resultFile, imagesFile]) await rm(file(folder), { force: true });
}

async function textOf(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw fileError(error, file, 'read an evaluation');
  });
}

/** Undefined where the folder holds no evaluation. @throws AppError NEWER_VERSION, BAD_FILE. */
export async function readHeader(folder: string): Promise<EvaluationHeader | undefined> {
  const text = await textOf(headerFile(folder));
  if (text === undefined) return undefined;
  const named = v.safeParse(v.pipe(v.string(), v.parseJson(), v.object({ format: v.number() })), text);
  if (named.success && named.output.format > formatVersion)
    throw new AppError(
      'NEWER_VERSION',
      `The evaluation in '${folder}' was written by a newer Lowland.`,
      'Update Lowland to read it.',
    );
  const found = v.safeParse(v.pipe(v.string(), v.parseJson(), headerSchema), text);
  if (found.success) return found.output;
  throw new AppError(
    'BAD_FILE',
    `'${headerFile(folder)}' is damaged: ${found.issues[0].message}.`,
    'Choose another --out.',
  );
}

/** The whole records of a folder, and the bytes that they take. @throws AppError BAD_FILE for a bad one that is not the last. */
export async function readRecords(
  folder: string,
  plan: EvaluationPlan,
): Promise<{ records: EvaluationRecord[]; bytes: number }> {
  const lines = ((await textOf(recordsFile(folder))) ?? '').split('\n');
  // what follows the last line break is no whole line
  const torn = lines.pop();
  const records: EvaluationRecord[] = [];
  let bytes = 0;
  for (const [i, line] of lines.entries()) {
    const found = v.safeParse(v.pipe(v.string(), v.parseJson(), recordSchema), line);
    if (!found.success || !fits(found.output, plan)) {
      if (i === lines.length - 1 && torn === '') break;
      throw new AppError(
        'BAD_FILE',
        `Line ${i + 1} of '${recordsFile(folder)}' is no record of this evaluation.`,
        'Evaluate again with another --out.',
      );
    }
    records.push(found.output);
    bytes += Buffer.byteLength(line) + 1;
  }
  return { records, bytes };
}

function fits(record: EvaluationRecord, plan: EvaluationPlan): boolean {
  if (record.kind === 'model') return true;
  if (record.block >= blockCount(plan)) return false;
  const { from, count } = blockRange(plan, record.block);
  if (record.kind === 'look') return record.labels.length === count && record.predicted.length === count;
  const isThere = plan.suites[record.suite]?.parts[record.part] !== undefined;
  return isThere && record.felled.every(([image]) => image >= from && image < from + count);
}

/** What differs between two evaluations, in words; nothing where they are of the same. */
export function differences(a: EvaluationPlan, b: EvaluationPlan): string[] {
  const found: [string, boolean][] = [
    [`the model's weights ('${a.model.name}' and '${b.model.name}')`, same(a.model.weights, b.model.weights)],
    [
      `the images (${a.data.id} ${a.data.split} and ${b.data.id} ${b.data.split})`,
      a.images !== b.images || same(a.data, b.data),
    ],
    [`--n (${a.images} and ${b.images})`, a.images === b.images],
    [`--batch (${a.block} and ${b.block})`, a.block === b.block],
    [`--seed (${a.seed} and ${b.seed})`, a.seed === b.seed],
    [`--precision (${a.precision} and ${b.precision})`, a.precision === b.precision],
    [`the attacks or their options (${suitesText(a)} and ${suitesText(b)})`, same(a.suites, b.suites)],
  ];
  return found.flatMap(([words, equal]) => (equal ? [] : [words]));
}

const suitesText = ({ suites }: EvaluationPlan): string =>
  suites.map(({ title, norm, eps }) => `${title} ${norm} ${Number(eps.toPrecision(3))}`).join(', ');

function checkSame(folder: string, before: EvaluationHeader, now: EvaluationHeader): void {
  const found = differences(before.plan, now.plan);
  const share = ({ shard }: EvaluationHeader) => `${shard.index}/${shard.count}`;
  if (share(before) !== share(now)) found.push(`--shard (${share(before)} and ${share(now)})`);
  if (found.length > 0)
    throw new AppError(
      'BAD_DATA',
      `'${folder}' holds another evaluation: ${found.join('; ')} differ${found.length === 1 ? 's' : ''}.`,
      'Choose another --out, or give the flags that it began with.',
    );
}
