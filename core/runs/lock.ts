/** One writer per run: a file that names the process holding it. A lock whose process is gone is taken over. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { link, readFile, rename, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as v from 'valibot';
import { partialName, writeSynced } from '../lib/atomic';
import { AppError, fileError, systemCode } from '../lib/errors';

const schema = v.object({ pid: v.pipe(v.number(), v.integer(), v.minValue(1)), host: v.string(), started: v.string() });
export type LockHolder = v.InferOutput<typeof schema>;

const lockPath = (folder: string): string => path.join(folder, 'lock');

/** When a process began, as text that a reused pid does not share; '' if it is gone or the system does not say. */
export function processStart(pid: number): string {
  try {
    if (process.platform === 'linux') {
      const afterName = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\)/s, '').trim().split(' ');
      const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
      return afterName[0] === 'Z' ? '' : `${boot}/${afterName[19] ?? ''}`;
    }
    if (process.platform === 'win32') return '';
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
}

/** Another machine's processes cannot be seen from here, so its locks count as held. */
const isHeld = ({ pid, host, started }: LockHolder): boolean =>
  host !== os.hostname() || (isAlive(pid) && processStart(pid) === started);

async function readLock(file: string): Promise<LockHolder | undefined> {
  const content = await readFile(file, 'utf8').catch(() => '');
  try {
    const checked = v.safeParse(schema, JSON.parse(content));
    return checked.success ? checked.output : undefined;
  } catch {
    return undefined;
  }
}

/** The live process that writes this run, or undefined. */
export async function lockHolder(folder: string): Promise<LockHolder | undefined> {
  const holder = await readLock(lockPath(folder));
  return holder && isHeld(holder) ? holder : undefined;
}

/**
 * Takes the folder's lock; the returned function gives it back.
 * @throws AppError LOCKED naming the process that has it.
 */
export async function takeLock(folder: string): Promise<() => Promise<void>> {
  const file = lockPath(folder);
  const own: LockHolder = { pid: process.pid, host: os.hostname(), started: processStart(process.pid) };
  for (let attempt = 0; attempt < 5; attempt++) {
    if (await create(file, JSON.stringify(own))) return () => rm(file, { force: true });
    const holder = await readLock(file);
    if (holder && isHeld(holder)) throw lockedBy(holder, folder, file);
    await removeStale(file);
  }
  throw new AppError('LOCKED', `'${folder}' is being opened by several processes at once.`, 'Run the command again.');
}

/** Links a finished file into place, so that nobody ever reads half a lock. False if there is one already. */
async function create(file: string, content: string): Promise<boolean> {
  const beside = partialName(file);
  try {
    await writeSynced(beside, content);
    await link(beside, file).catch(async (error: unknown) => {
      if (systemCode(error) === 'EEXIST') throw error;
      await writeSynced(file, content); // no hard links on this file system
    });
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw fileError(error, file, 'lock a run');
  } finally {
    await rm(beside, { force: true }).catch(() => undefined);
  }
}

/** Moves a stale lock away; if another process was quicker and this is its new lock, puts it back. */
async function removeStale(file: string): Promise<void> {
  const aside = partialName(file);
  try {
    await rename(file, aside);
  } catch {
    return;
  }
  const moved = await readLock(aside);
  if (moved && isHeld(moved)) await link(aside, file).catch(() => undefined);
  await rm(aside, { force: true });
}

const lockedBy = ({ pid, host }: LockHolder, folder: string, file: string): AppError =>
  host === os.hostname()
    ? new AppError('LOCKED', `Process ${pid} is writing to '${folder}'.`, 'Stop it first, or wait until it is done.')
    : new AppError(
        'LOCKED',
        `Process ${pid} on ${host} is writing to '${folder}'.`,
        `If it no longer runs there, delete '${file}'.`,
      );
