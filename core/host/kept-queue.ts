/**
 * What waits in the queue, in queue/jobs.json of the data folder: when the host ends with jobs that never began, the next one offers them
 * again and starts none by itself. One host of a data folder keeps its queue; another one beside it keeps none.
 */
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { type Job, type LeftJob, jobRequest } from '../contract/areas/jobs';
import { writeAtomic } from '../lib/atomic';
import { takeLock } from '../runs/lock';
import { describeJob } from './describe-job';
import { Latest } from './latest';

const waitingJob = v.object({ request: jobRequest, priority: v.pipe(v.number(), v.integer()) });
type WaitingJob = v.InferOutput<typeof waitingJob>;

/**
 * Queued, or paused before it made a run or an evaluation: nothing else tells of it. A run or an evaluation that was begun is found as
 * interrupted; a suite is not, and goes on when it is asked for again.
 */
const waitingOf = (jobs: readonly Job[]): WaitingJob[] =>
  jobs
    .filter(
      ({ kind, state, target }) =>
        state === 'queued' ||
        (state === 'paused' && target === undefined) ||
        (kind === 'suite' && (state === 'paused' || state === 'running')),
    )
    .map(({ request, priority }) => ({ request, priority }));

export class KeptQueue {
  /** What an earlier host left, until it is taken. */
  readonly left = new Latest<readonly LeftJob[]>([]);
  readonly #file: string;
  readonly #opened: Promise<(() => Promise<void>) | undefined>;
  #left: readonly WaitingJob[] = [];
  #waiting: readonly WaitingJob[] = [];
  #stored = '[]';
  #writing: Promise<void>;

  constructor(dataFolder: string) {
    this.#file = path.join(dataFolder, 'queue', 'jobs.json');
    this.#opened = this.#open();
    this.#writing = this.#opened.then(() => undefined);
  }

  /** Keeps what waits among these. */
  keep(jobs: readonly Job[]): void {
    this.#waiting = waitingOf(jobs);
    this.#write();
  }

  /** Hands over what was left, and forgets it. */
  take(): readonly WaitingJob[] {
    const left = this.#left;
    this.#leave([]);
    this.#write();
    return left;
  }

  /** Waits until all is on disk, and lets another host keep its queue here. */
  async close(): Promise<void> {
    await this.#writing;
    const release = await this.#opened;
    await release?.();
  }

  /** Undefined where another host has it, or where nothing can be written. */
  async #open(): Promise<(() => Promise<void>) | undefined> {
    try {
      await mkdir(path.dirname(this.#file), { recursive: true });
      const release = await takeLock(path.dirname(this.#file));
      this.#stored = await readFile(this.#file, 'utf8').catch(() => '[]');
      this.#leave(parsed(this.#stored));
      return release;
    } catch {
      return undefined;
    }
  }

  #leave(left: readonly WaitingJob[]): void {
    this.#left = left;
    this.left.set(left.map(({ request }) => ({ kind: request.kind, title: describeJob(request).title })));
  }

  /** One write after the other, of what is newest then. */
  #write(): void {
    this.#writing = this.#writing.then(async () => {
      const text = JSON.stringify([...this.#left, ...this.#waiting]);
      if (text === this.#stored || !(await this.#opened)) return;
      await writeAtomic(this.#file, text).then(
        () => (this.#stored = text),
        () => undefined,
      );
    });
  }
}

/** Jobs that another version wrote and this one does not know are left out; a damaged file holds none. */
function parsed(text: string): WaitingJob[] {
  try {
    const list: unknown = JSON.parse(text);
    return (Array.isArray(list) ? list : []).flatMap((entry) => {
      const read = v.safeParse(waitingJob, entry);
      return read.success ? [read.output] : [];
    });
  } catch {
    return [];
  }
}
