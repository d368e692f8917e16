/** Runs on disk: list, log, images, checkpoints, comparison, export. */
import * as v from 'valibot';
import type { RunState } from '../../runs/library';
import type { RunEvent } from '../../runs/events';
import type { RunManifest } from '../../runs/manifest';
import { call, stream } from '../contract';
import { name, nothing, short } from './common';

export interface RunRow {
  /** Its folder's name below the data folder: how every other call names it. */
  readonly run: string;
  readonly state: RunState | 'unreadable';
  readonly kind?: string;
  readonly title?: string;
  readonly preset?: string;
  readonly dataset?: string;
  readonly objective?: string;
  readonly seed?: number;
  readonly created?: string;
  readonly updated?: string;
  readonly seconds?: number;
  readonly parent?: string;
  /** Of evaluations so far. */
  readonly best?: { readonly step: number; readonly robust: number };
  readonly last?: { readonly step: number; readonly clean: number; readonly robust: number };
  readonly problem?: string;
}
export interface RunDetails {
  readonly run: string;
  readonly folder: string;
  readonly state: RunState;
  readonly manifest: RunManifest;
  readonly checkpoints: readonly { readonly step: number; readonly best: boolean }[];
  readonly totalSteps?: number;
}
/** The events of steps as columns, one entry an event: a log has very many of them. A value that was not finite, or is missing, is NaN. */
export interface StepColumns {
  readonly seq: Uint32Array;
  /** Milliseconds since 1970. */
  readonly t: Float64Array;
  readonly step: Uint32Array;
  readonly epoch: Float64Array;
  /** Each other number of the events by its name: 'loss', 'energy.adversarial', … */
  readonly values: Readonly<Record<string, Float32Array>>;
}
/** A piece of a log, in order. */
export interface RunEvents {
  /** Of its last event. */
  readonly seq: number;
  readonly steps: StepColumns;
  /** Those of any other kind: evaluations, samples, resumes, guard. */
  readonly events: readonly RunEvent[];
  /** Seqs, up to this piece, of which a resume in it did the work again; resumes themselves stay. */
  readonly superseded: readonly (readonly [first: number, last: number])[];
}
export interface RunImage {
  readonly name: string;
  /** 'samples', 'buffer', 'adversarial', … */
  readonly kind: string;
  readonly step: number;
}
/** An option by its dotted name, with the value in each run as text, '' where a run has none; only those that differ. */
export interface ConfigurationDifference {
  readonly option: string;
  readonly values: readonly string[];
}

const run = v.strictObject({ run: name });

export const runsContract = {
  /** The list at once, then whenever a run changes on disk. */
  'runs.follow': stream<readonly RunRow[]>()('library', nothing),
  'runs.read': call<RunDetails>()('library', run),
  /**
   * The log so far in pieces, then what is appended, until the run is over and nothing more is to come. A piece ends after a resume, so
   * that what it supersedes has been given.
   */
  'runs.events': stream<RunEvents>()('library', run),
  /** By kind, then by step. */
  'runs.images': call<readonly RunImage[]>()('library', run),
  'runs.image': call<{ png: Uint8Array }>()('library', v.strictObject({ run: name, image: short })),
  'runs.compare': call<readonly ConfigurationDifference[]>()(
    'library',
    v.strictObject({ runs: v.pipe(v.array(name), v.minLength(2), v.maxLength(16)) }),
  ),
  /** Moves the run into the trash of the data folder; `restore` brings it back. */
  'runs.remove': call<{ trashed: string }>()('library', run),
  'runs.restore': call<null>()('library', v.strictObject({ trashed: name })),
  'runs.export': call<{ name: string; bytes: Uint8Array }>()(
    'library',
    v.strictObject({ run: name, format: v.picklist(['csv', 'json', 'tensorboard', 'report']) }),
  ),
};
