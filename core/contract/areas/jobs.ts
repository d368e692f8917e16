/** Long work: a queue for one engine. A job that was paused, stopped or lost its engine goes on from what it had kept. */
import * as v from 'valibot';
import { call, stream } from '../contract';
import { index, name, nothing, overrides, seed, short } from './common';
import { evaluationPlan } from './evaluations';
import { suiteRequest } from './suites';

export const jobRequest = v.variant('kind', [
  /** A new training run; `checkpoint` starts from the weights of another run's checkpoint. */
  v.strictObject({
    kind: v.literal('train'),
    preset: name,
    /** A whole configuration file in place of a preset of that name. */
    file: v.optional(v.pipe(v.string(), v.maxLength(1_000_000))),
    name: v.optional(short, ''),
    overrides: v.optional(overrides, {}),
    seed,
    from: v.optional(v.strictObject({ run: name, step: index })),
  }),
  /** The rest of an interrupted, stopped or paused run. */
  v.strictObject({ kind: v.literal('resume'), run: name }),
  v.strictObject({ kind: v.literal('evaluate'), plan: evaluationPlan }),
  v.strictObject({ kind: v.literal('resume-evaluation'), id: short }),
  /** Goes on with what is kept where it was asked for before. */
  v.strictObject({ kind: v.literal('suite'), ...suiteRequest.entries }),
  /** Adds a dataset: from its home page, or from files on this machine. */
  v.strictObject({ kind: v.literal('add-dataset'), dataset: name, from: v.optional(name) }),
  v.strictObject({ kind: v.literal('check-dataset'), dataset: name, from: v.optional(name) }),
]);
export type JobRequest = v.InferOutput<typeof jobRequest>;

export const jobStates = ['queued', 'running', 'paused', 'done', 'failed', 'stopped'] as const;
export type JobState = (typeof jobStates)[number];

export interface JobProgress {
  readonly task: string;
  readonly done: number;
  readonly total: number;
  readonly unit: string;
  readonly note?: string;
  /** Units a second, and seconds left, once they can be told. */
  readonly rate?: number;
  readonly secondsLeft?: number;
}
export interface Job {
  readonly id: string;
  readonly request: JobRequest;
  /** 'train', 'evaluate', 'add-dataset', …: what a resumed job is too. */
  readonly kind: JobRequest['kind'];
  readonly title: string;
  readonly state: JobState;
  /** Higher goes first. */
  readonly priority: number;
  readonly progress?: JobProgress;
  /** The run, evaluation or suite that it makes. */
  readonly target?: string;
  readonly problem?: { readonly code: string; readonly message: string; readonly hint?: string };
  /** Lasting lines: warnings, guard events, where a file went. */
  readonly notes: readonly string[];
  readonly created: number;
  readonly ended?: number;
}

/** A job that was queued when the application ended. */
export type LeftJob = Pick<Job, 'kind' | 'title'>;

const id = v.strictObject({ id: short });

export const jobsContract = {
  /** The whole list at once, then after each change, at most some times a second. */
  'jobs.follow': stream<readonly Job[]>()('host', nothing),
  'jobs.submit': call<{ id: string }>()(
    'host',
    v.strictObject({ job: jobRequest, priority: v.optional(v.pipe(v.number(), v.integer()), 0) }),
  ),
  /** Stops at the next step with all kept; `resume` queues it again. */
  'jobs.pause': call<null>()('host', id),
  'jobs.resume': call<null>()('host', id),
  'jobs.stop': call<null>()('host', id),
  'jobs.prioritise': call<null>()('host', v.strictObject({ id: short, priority: v.pipe(v.number(), v.integer()) })),
  /** Takes a finished job from the list. */
  'jobs.dismiss': call<null>()('host', id),
  /** What was queued when the application ended last, until it is queued again or forgotten. */
  'jobs.left': stream<readonly LeftJob[]>()('host', nothing),
  'jobs.requeue': call<null>()('host', nothing),
  'jobs.forget': call<null>()('host', nothing),
};
