/**
 * Checkpoints of a run: checkpoints/step-<n>/ holds named files and checkpoint.json with their sums. A folder is written
 * beside and renamed when whole, so a kill at any time leaves the checkpoints that were there, or one more.
 */
import { crc32 } from '../lib/crc32';
import { mkdir, readFile, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { inside, partial, partialName, syncFolder, writeSynced } from '../lib/atomic';
import { fileError } from '../lib/errors';

export interface Checkpoint {
  readonly step: number;
  /** The seq of the first event after it. */
  readonly seq: number;
  readonly best: boolean;
  readonly files: Record<string, Uint8Array>;
}

const schema = v.object({
  step: v.number(),
  seq: v.number(),
  best: v.boolean(),
  files: v.record(v.string(), v.object({ bytes: v.number(), crc32: v.number() })),
});
type Card = v.InferOutput<typeof schema>;

const replaced = '.replaced';
const root = (folder: string): string => path.join(folder, 'checkpoints');
export const checkpointFolder = (folder: string, step: number): string => path.join(root(folder), `step-${step}`);

/** Writes a checkpoint, then drops all but the newest `keep` and the newest best one. */
export async function writeCheckpoint(folder: string, { files, ...card }: Checkpoint, keep: number): Promise<void> {
  const target = checkpointFolder(folder, card.step);
  const beside = partialName(target);
  const sums = Object.entries(files).map(([name, b]) => [name, { bytes: b.length, crc32: crc32(b) }] as const);
  const stored: Card = { ...card, files: Object.fromEntries(sums) };
  try {
    await mkdir(beside, { recursive: true });
    for (const [name, bytes] of Object.entries(files)) await writeSynced(inside(beside, name), bytes);
    await writeSynced(path.join(beside, 'checkpoint.json'), JSON.stringify(stored));
    await syncFolder(beside);
    await rename(target, target + replaced).catch(() => undefined);
    await rename(beside, target);
    await syncFolder(root(folder));
  } catch (error) {
    await rm(beside, { recursive: true, force: true }).catch(() => undefined);
    throw fileError(error, target, 'write a checkpoint');
  }
  await prune(folder, keep);
}

/** The newest checkpoint that is whole (a damaged one is passed over), or undefined. */
export async function readLatestCheckpoint(folder: string): Promise<Checkpoint | undefined> {
  for (const { name, card } of await cards(folder)) {
    const files = await readFiles(path.join(root(folder), name), card);
    if (files) return { step: card.step, seq: card.seq, best: card.best, files };
  }
  return undefined;
}

/** Steps with a checkpoint, newest first, and whether each is marked best. */
export const listCheckpoints = async (folder: string): Promise<{ step: number; best: boolean }[]> =>
  (await cards(folder))
    .filter(({ name }) => !name.endsWith(replaced))
    .map(({ card: { step, best } }) => ({ step, best }));

async function prune(folder: string, keep: number): Promise<void> {
  const all = await cards(folder);
  const current = all.filter(({ name }) => !name.endsWith(replaced));
  const kept = new Set(
    [...current.slice(0, keep), ...current.filter(({ card }) => card.best).slice(0, 1)].map(({ name }) => name),
  );
  const names = await readdir(root(folder));
  for (const name of names)
    if (!kept.has(name) && (name.includes(partial) || all.some((each) => each.name === name)))
      await rm(path.join(root(folder), name), { recursive: true, force: true }).catch(() => undefined);
}

async function cards(folder: string): Promise<{ name: string; card: Card }[]> {
  const names = await readdir(root(folder)).catch(() => []);
  const found = await Promise.all(
    names
      .filter((name) => /^step-\d+(\.replaced)?$/.test(name))
      .map(async (name) => ({ name, card: await readCard(path.join(root(folder), name)) })),
  );
  return found
    .flatMap(({ name, card }) => (card ? [{ name, card }] : []))
    .sort((a, b) => b.card.step - a.card.step || a.name.length - b.name.length);
}

async function readCard(folder: string): Promise<Card | undefined> {
  try {
    const checked = v.safeParse(schema, JSON.parse(await readFile(path.join(folder, 'checkpoint.json'), 'utf8')));
    return checked.success ? checked.output : undefined;
  } catch {
    return undefined;
  }
}

async function readFiles(folder: string, card: Card): Promise<Record<string, Uint8Array> | undefined> {
  const files: Record<string, Uint8Array> = {};
  for (const [name, expected] of Object.entries(card.files)) {
    const bytes = await readFile(inside(folder, name)).catch(() => undefined);
    if (!bytes || bytes.length !== expected.bytes || crc32(bytes) !== expected.crc32) return undefined;
    files[name] = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  }
  return files;
}
