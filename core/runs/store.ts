/**
 * A run on disk, with one writer: manifest, events, checkpoints, images, report. Whatever happens to the process or the disk,
 * what was complete stays, and the run can be resumed from its newest checkpoint.
 */
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { inside, partial, partialName, writeAtomic } from '../lib/atomic';
import { AppError, fileError } from '../lib/errors';
import type { JsonObject } from '../lib/json';
import { type Checkpoint, readLatestCheckpoint, writeCheckpoint } from './checkpoints';
import { type EventInput, EventLog } from './events';
import { takeLock } from './lock';
import { formatVersion, readManifest, type RunManifest, type RunStatus, writeManifest } from './manifest';
import { gitCommit, softwareVersions } from './versions';

export type { Checkpoint } from './checkpoints';
export { type EventInput, readEvents, type RunEvent } from './events';
export { readManifest, type RunManifest, type RunStatus } from './manifest';

/** What a new run is asked to do. `versions` adds to lowland, node and tfjs, e.g. { tensorflow: '2.21.0' }. */
export interface RunRequest {
  readonly kind: string;
  readonly name: string;
  readonly configuration: JsonObject;
  readonly seed: number;
  readonly engine: string;
  readonly versions?: Readonly<Record<string, string>>;
  readonly parent?: string | undefined;
}

/** Newest checkpoints kept, besides the newest best one. */
const keptCheckpoints = 2;

/**
 * Makes a run in `folder`, which must not exist or be empty, and locks it.
 * @throws AppError NOT_WRITABLE, LOCKED, DISK_FULL.
 */
export async function createRun(folder: string, request: RunRequest): Promise<Run> {
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw fileError(error, folder, 'make a run folder');
  });
  const release = await takeLock(folder);
  try {
    const others = (await readdir(folder)).filter((name) => name !== 'lock' && !name.includes(partial));
    if (others.length > 0)
      throw new AppError('NOT_WRITABLE', `'${folder}' is not empty.`, 'Choose another --out, or resume that run.');
    const now = new Date().toISOString();
    const manifest: RunManifest = {
      format: formatVersion,
      ...request,
      status: 'running',
      versions: { ...softwareVersions(), ...request.versions },
      commit: await gitCommit(),
      timings: { created: now, updated: now, seconds: 0, sessions: 1 },
    };
    await writeManifest(folder, manifest);
    return new Run(folder, manifest, await EventLog.open(folder), release);
  } catch (error) {
    await release();
    throw error;
  }
}

/**
 * Opens an existing run for more work, from its newest whole checkpoint: events after it are superseded.
 * @throws AppError NOT_FOUND, BAD_FILE, NEWER_VERSION, LOCKED naming the process.
 */
export async function resumeRun(folder: string): Promise<Run> {
  await readManifest(folder);
  const release = await takeLock(folder);
  try {
    const before = await readManifest(folder);
    const timings = { ...before.timings, updated: new Date().toISOString(), sessions: before.timings.sessions + 1 };
    const manifest: RunManifest = { ...before, status: 'running', timings };
    await writeManifest(folder, manifest);
    const run = new Run(folder, manifest, await EventLog.open(folder), release);
    await run.rewind('resumed');
    return run;
  } catch (error) {
    await release();
    throw error;
  }
}

/** An open run. Make one with createRun or resumeRun, and close it. */
export class Run {
  #manifest: RunManifest;
  #opened = Date.now();

  constructor(
    readonly folder: string,
    manifest: RunManifest,
    private readonly events: EventLog,
    private readonly release: () => Promise<void>,
  ) {
    this.#manifest = manifest;
  }

  get manifest(): RunManifest {
    return this.#manifest;
  }

  /** Adds an event, with its seq and time; it is on its way to disk when this returns. A failed write shows at the next await. */
  append(event: EventInput): void {
    this.events.append(event);
  }

  /** Waits until every event is on disk. @throws AppError DISK_FULL and the like. */
  flush(): Promise<void> {
    return this.events.flush();
  }

  /** Writes all of `files` or nothing. Keeps the newest two checkpoints and the newest one marked best. */
  async checkpoint(step: number, files: Record<string, Uint8Array>, { best = false } = {}): Promise<void> {
    await this.events.flush();
    await writeCheckpoint(this.folder, { step, seq: this.events.nextSeq, best, files }, keptCheckpoints);
  }

  /** The newest whole checkpoint. */
  latestCheckpoint(): Promise<Checkpoint | undefined> {
    return readLatestCheckpoint(this.folder);
  }

  /** Goes back to the newest checkpoint: later events are kept but superseded, with `reason` in the log. Undefined: to the start. */
  async rewind(reason: string): Promise<Checkpoint | undefined> {
    const checkpoint = await this.latestCheckpoint();
    const fromStep = checkpoint?.step ?? 0;
    const supersedes = [checkpoint?.seq ?? 0, this.events.nextSeq - 1];
    this.append({ kind: 'resume', step: fromStep, fromStep, supersedes, reason });
    await this.flush();
    return checkpoint;
  }

  /** Writes images/<name>. */
  image(name: string, bytes: Uint8Array): Promise<void> {
    return writeAtomic(inside(path.join(this.folder, 'images'), name), bytes);
  }

  /** Writes <name> in the run folder, which may have folders in it. */
  file(name: string, bytes: Uint8Array | string): Promise<void> {
    return writeAtomic(inside(this.folder, name), bytes);
  }

  /** Changes run.json: results, configuration, engine, … */
  async update(
    patch: Partial<Pick<RunManifest, 'status' | 'configuration' | 'engine' | 'versions' | 'results'>>,
  ): Promise<void> {
    const now = Date.now();
    const { timings } = this.#manifest;
    const seconds = timings.seconds + (now - this.#opened) / 1000;
    this.#opened = now;
    this.#manifest = {
      ...this.#manifest,
      ...patch,
      timings: { ...timings, updated: new Date(now).toISOString(), seconds },
    };
    await writeManifest(this.folder, this.#manifest);
  }

  /** Flushes, records how it ended and gives the lock back, even when the disk is full. */
  async close(status: RunStatus): Promise<void> {
    try {
      await this.events.close();
      await this.update({ status });
    } finally {
      await this.release();
    }
  }
}

/** Deletes a run. @throws AppError NOT_FOUND for a folder that is no run, LOCKED while it is being written. */
export async function removeRun(folder: string): Promise<void> {
  await readManifest(folder).catch((error: unknown) => {
    if (!(error instanceof AppError) || error.code !== 'NEWER_VERSION') throw error;
  });
  const release = await takeLock(folder);
  const doomed = partialName(folder);
  try {
    await rename(folder, doomed);
  } catch (error) {
    await release();
    throw fileError(error, folder, 'remove a run');
  }
  await rm(doomed, { recursive: true, force: true });
}
