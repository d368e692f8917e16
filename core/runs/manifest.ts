/** run.json: what a run was asked to do, with what, and how it stands. Written whole, by rename. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { writeAtomic } from '../lib/atomic';
import { AppError, fileError, systemCode } from '../lib/errors';
import type { Json, JsonObject } from '../lib/json';

export const formatVersion = 1;
export const statuses = ['running', 'done', 'stopped', 'failed'] as const;
export type RunStatus = (typeof statuses)[number];

export interface RunManifest {
  /** Version of the folder's layout. */
  readonly format: number;
  readonly kind: string;
  readonly name: string;
  readonly status: RunStatus;
  /** Resolved: defaults < preset < file < flags. */
  readonly configuration: JsonObject;
  readonly seed: number;
  readonly engine: string;
  /** lowland, node, tfjs and what else computed. */
  readonly versions: Readonly<Record<string, string>>;
  /** 40 hex digits, '-dirty' after them if the checkout had changes; absent outside a checkout. */
  readonly commit?: string | undefined;
  /** The run or model this one started from. */
  readonly parent?: string | undefined;
  /** ISO dates; seconds of work over all sessions; sessions = 1 + resumes. */
  readonly timings: {
    readonly created: string;
    readonly updated: string;
    readonly seconds: number;
    readonly sessions: number;
  };
  /** What the run found, once it has. */
  readonly results?: JsonObject | undefined;
}

const json: v.GenericSchema<Json> = v.lazy(() =>
  v.union([v.string(), v.number(), v.boolean(), v.null(), v.array(json), v.record(v.string(), json)]),
);
const jsonObject = v.record(v.string(), json);
const schema = v.object({
  format: v.number(),
  kind: v.string(),
  name: v.string(),
  status: v.picklist(statuses),
  configuration: jsonObject,
  seed: v.number(),
  engine: v.string(),
  versions: v.record(v.string(), v.string()),
  commit: v.optional(v.string()),
  parent: v.optional(v.string()),
  timings: v.object({ created: v.string(), updated: v.string(), seconds: v.number(), sessions: v.number() }),
  results: v.optional(jsonObject),
});

const manifestPath = (folder: string): string => path.join(folder, 'run.json');
const largest = 16 * 2 ** 20;

/**
 * Reads a run's manifest.
 * @throws AppError NOT_FOUND where the folder is no run, BAD_FILE where run.json is damaged, NEWER_VERSION where a later
 * Lowland wrote it.
 */
export async function readManifest(folder: string): Promise<RunManifest> {
  const file = manifestPath(folder);
  let content: string;
  try {
    content = await readFile(file, 'utf8');
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw new AppError(
        'NOT_FOUND',
        `'${folder}' is not a run: it has no run.json.`,
        "See 'lowland runs list'.",
        error,
      );
    throw fileError(error, file, 'read a run');
  }
  const damaged = (why: string) => new AppError('BAD_FILE', `'${file}' is damaged: ${why}.`, 'Restore it from a copy.');
  if (content.length > largest) throw damaged(`it has ${content.length} characters, more than ${largest}`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(content);
  } catch (error) {
    throw damaged(error instanceof Error ? error.message : String(error));
  }
  const header = v.safeParse(v.object({ format: v.number() }), parsed);
  if (header.success && header.output.format > formatVersion)
    throw new AppError(
      'NEWER_VERSION',
      `'${folder}' has run format ${header.output.format}; this Lowland knows formats up to ${formatVersion}.`,
      'Open it with a newer Lowland.',
    );
  const checked = v.safeParse(schema, parsed);
  if (!checked.success) {
    const [issue] = checked.issues;
    throw damaged(`${v.getDotPath(issue) ?? 'the whole'}: ${issue.message}`);
  }
  return checked.output;
}

export const writeManifest = (folder: string, manifest: RunManifest): Promise<void> =>
  writeAtomic(manifestPath(folder), `${JSON.stringify(manifest, null, 2)}\n`);
