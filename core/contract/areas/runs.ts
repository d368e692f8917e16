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
/** Some events of a log in order; `seq` is that of the last. Superseded ones are marked. */
export interface RunEvents {
  readonly seq: number;
  readonly events: readonly RunEvent[];
  /** Seqs that an earlier batch gave and a resume superseded since. */
  readonly superseded: readonly (readonly [first: number, last: number])[];
}
export interface RunImage {
  readonly name: string;
  /** 'samples', 'buffer', 'adversarial', … */
  readonly kind: string;
  readonly step: number;
}
/** Options by dotted name, with the value in each run; only those that differ. */
export interface ConfigurationDifference {
  readonly option: string;
  readonly values: readonly string[];
}

const run = v.strictObject({ run: name });

export const runsContract = {
  /** The list at once, then whenever a run changes on disk. */
  'runs.follow': stream<readonly RunRow[]>()('library', nothing),
  'runs.read': call<RunDetails>()('library', run),
  /** The log so far in batches, then what is appended, until the run ends and nothing more is to come. */
  'runs.events': stream<RunEvents>()('library', run),
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
