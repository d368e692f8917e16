/**
 * The job queue: each lane (a child process) does one job at a time, the highest priority first. It knows nothing of processes: a job is
 * started by `start`, which reports events, and resolves or rejects when it has ended.
 */
import type { Job, JobRequest } from '../contract/areas/jobs';
import { AppError } from '../lib/errors';
import type { Role } from './child';
import type { WorkEvent } from './internal';
import { createMeter } from './meter';
import { describeJob } from './describe-job';

export interface Working {
  readonly done: Promise<void>;
  /** Asks it to stop with everything kept; `done` rejects with CANCELLED when it has. */
  stop(): void;
}
export type StartWork = (lane: Role, id: string, request: JobRequest, tell: (event: WorkEvent) => void) => Working;

type Intent = 'pause' | 'stop';
const lanes: readonly Role[] = ['engine', 'library'];
/** Finished jobs that stay in the list. */
const kept = 50;
const notesKept = 200;
/** Milliseconds between two tellings of progress, but a tenth of its time so far where that is less: every one draws the windows anew. */
const tellEvery = 1000;

export const laneOf = ({ kind }: JobRequest): Role =>
  kind === 'add-dataset' || kind === 'check-dataset' ? 'library' : 'engine';

export class JobQueue {
  #jobs: Job[] = [];
  #next = 1;
  readonly #working = new Map<string, { working: Working; intent?: Intent }>();
  /** Lanes in which nothing is started. */
  readonly #held = new Set<Role>();

  constructor(
    private readonly start: StartWork,
    private readonly changed: (jobs: readonly Job[]) => void,
    private readonly now: () => number = Date.now,
  ) {}

  get jobs(): readonly Job[] {
    return this.#jobs;
  }

  submit(request: JobRequest, priority = 0): string {
    const id = `job-${this.#next++}`;
    const job: Job = {
      id,
      request,
      kind: request.kind,
      ...describeJob(request),
      state: 'queued',
      priority,
      notes: [],
      created: this.now(),
    };
    this.#put([...this.#jobs, job]);
    this.#advance();
    return id;
  }

  pause(id: string): void {
    this.#end(id, 'pause');
  }

  stop(id: string): void {
    this.#end(id, 'stop');
  }

  /** Queues a paused, stopped or failed job again, from what it had kept. @throws AppError FAILED for one that runs, waits or is done. */
  resume(id: string): void {
    const job = this.#get(id);
    if (!['paused', 'stopped', 'failed'].includes(job.state))
      throw new AppError('FAILED', `'${job.title}' is ${job.state}: there is nothing to resume.`);
    const { problem: _solved, progress: _old, ended: _end, ...rest } = job;
    this.#replace({ ...rest, request: restOf(job), state: 'queued' });
    this.#advance();
  }

  prioritise(id: string, priority: number): void {
    this.#replace({ ...this.#get(id), priority });
  }

  dismiss(id: string): void {
    const { state, title } = this.#get(id);
    if (state === 'running' || state === 'queued')
      throw new AppError('FAILED', `'${title}' is ${state}.`, 'Stop it first.');
    this.#put(this.#jobs.filter((job) => job.id !== id));
  }

  /** Pauses what runs in a lane, and starts nothing there until `work` is done. */
  async without(lane: Role, work: () => Promise<void>): Promise<void> {
    this.#held.add(lane);
    try {
      await this.#pauseAll(lane);
      await work();
    } finally {
      this.#held.delete(lane);
      this.#advance();
    }
  }

  /** Pauses everything that runs, and starts nothing any more: what waits stays queued. */
  async close(): Promise<void> {
    for (const lane of lanes) this.#held.add(lane);
    await Promise.all(lanes.map((lane) => this.#pauseAll(lane)));
  }

  async #pauseAll(lane: Role): Promise<void> {
    const running = this.#jobs.filter((job) => job.state === 'running' && laneOf(job.request) === lane);
    for (const { id } of running) this.pause(id);
    await Promise.all(running.map(({ id }) => this.#working.get(id)?.working.done.catch(() => undefined)));
  }

  #end(id: string, intent: Intent): void {
    const job = this.#get(id);
    const active = this.#working.get(id);
    if (active) {
      active.intent = intent;
      active.working.stop();
    } else if (job.state === 'queued' || job.state === 'paused')
      this.#replace({ ...job, state: intent === 'pause' ? 'paused' : 'stopped' });
  }

  #advance(): void {
    for (const lane of lanes) {
      if (this.#held.has(lane)) continue;
      const own = this.#jobs.filter((job) => laneOf(job.request) === lane);
      if (own.some(({ id }) => this.#working.has(id))) continue;
      const [first] = own.filter(({ state }) => state === 'queued').sort((a, b) => b.priority - a.priority);
      if (first) this.#run(first, lane);
    }
  }

  #run(job: Job, lane: Role): void {
    const meter = createMeter();
    const began = this.now();
    let told = -Infinity;
    let newest = job.progress;
    const ended = () => (newest ? { progress: newest } : {});
    this.#replace({ ...job, state: 'running' });
    const working = this.start(lane, job.id, job.request, (event) => {
      const current = this.#get(job.id);
      if (event.type === 'target') this.#replace({ ...current, target: event.name });
      else if (event.type === 'note')
        this.#replace({ ...current, notes: [...current.notes, event.line].slice(-notesKept) });
      else {
        const { type: _type, ...progress } = event;
        const now = this.now();
        newest = { ...progress, ...meter(progress, now) };
        if (now - told < Math.min(tellEvery, (now - began) / 10)) return;
        told = now;
        this.#replace({ ...current, progress: newest });
      }
    });
    const active: { working: Working; intent?: Intent } = { working };
    this.#working.set(job.id, active);
    void working.done
      .then(
        () => this.#finish(job.id, ended(), 'done'),
        (error: unknown) => {
          if (error instanceof AppError && error.code === 'CANCELLED')
            this.#finish(job.id, ended(), active.intent === 'stop' ? 'stopped' : 'paused');
          else this.#finish(job.id, { ...ended(), problem: problemOf(error) }, 'failed');
        },
      )
      .finally(() => {
        this.#working.delete(job.id);
        this.#advance();
      });
  }

  #finish(id: string, more: Partial<Job>, state: Job['state']): void {
    this.#replace({ ...this.#get(id), ...more, state, ended: this.now() });
  }

  #get(id: string): Job {
    const job = this.#jobs.find((known) => known.id === id);
    if (!job) throw new AppError('NOT_FOUND', `There is no job '${id}'.`, 'It may have been dismissed.');
    return job;
  }

  #replace(job: Job): void {
    this.#put(this.#jobs.map((known) => (known.id === job.id ? job : known)));
  }

  #put(jobs: Job[]): void {
    const over = jobs.filter(({ state }) => state === 'done' || state === 'stopped').slice(0, -kept);
    this.#jobs = jobs.filter((job) => !over.includes(job));
    this.changed(this.#jobs);
  }
}

/** What is asked for when a job goes on. */
function restOf({ request, target }: Job): JobRequest {
  if (request.kind === 'train' && target) return { kind: 'resume', run: target };
  if (request.kind === 'evaluate' && target) return { kind: 'resume-evaluation', id: target };
  return request;
}

const problemOf = (error: unknown) =>
  error instanceof AppError
    ? { code: error.code, message: error.message, ...(error.hint ? { hint: error.hint } : {}) }
    : { code: 'FAILED', message: error instanceof Error ? error.message : String(error) };
