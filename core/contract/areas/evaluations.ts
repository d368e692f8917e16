/** Evaluations: accuracy of a model, clean and under attacks at several radii, kept on disk batch by batch. They run as jobs. */
import * as v from 'valibot';
import type { JsonObject } from '../../lib/json';
import { call, stream } from '../contract';
import { ballNorm, finite, name, nothing, options, seed, short, side, whole } from './common';

export const evaluationPlan = v.strictObject({
  model: name,
  dataset: name,
  side,
  images: whole(1, 100_000),
  batch: v.optional(whole(1, 2048), 100),
  norm: ballNorm,
  /** Radii in [0,1] units, in any order; 0 is the clean accuracy and need not be asked for. */
  eps: v.pipe(v.array(v.pipe(finite, v.minValue(0), v.maxValue(1000))), v.minLength(1), v.maxLength(16)),
  /** Of the registry, or 'autoattack' with the option 'version'. */
  attacks: v.pipe(v.array(v.strictObject({ attack: name, options })), v.minLength(1), v.maxLength(16)),
  seed,
});
export type EvaluationPlan = v.InferOutput<typeof evaluationPlan>;

/** What a cell measures. Other suites are other kinds. */
export type CellPlan =
  | { readonly kind: 'clean' }
  | {
      readonly kind: 'attack';
      readonly attack: string;
      readonly title: string;
      /** Every option as it is used, radius and norm among them. */
      readonly options: JsonObject;
      readonly eps: number;
    }
  | {
      readonly kind: 'autoattack';
      readonly attack: 'autoattack';
      readonly title: string;
      /** Its version and norm. */
      readonly options: JsonObject;
      readonly eps: number;
      /** Its attacks in their order, with every option as it is used. */
      readonly parts: readonly { readonly attack: string; readonly title: string; readonly options: JsonObject }[];
    };

/** A cell as far as it has come. */
export interface CellResult {
  /** Measured so far. */
  readonly images: number;
  /** Share of them that is right: clean, and under the attack where the cell has one; NaN before the first. */
  readonly accuracy: number;
  /** Mean E(x) and E(x,y) in nats, of the clean images and of the points that the accuracy is of. */
  readonly clean: { readonly marginal: number; readonly joint: number };
  readonly reached: { readonly marginal: number; readonly joint: number };
}
export type EvaluationCell = CellPlan & CellResult;

export interface Evaluation {
  readonly id: string;
  readonly plan: EvaluationPlan;
  /** 'stopped' ones can be resumed, whatever stopped them. */
  readonly state: 'running' | 'done' | 'stopped';
  /** ISO 8601. */
  readonly created: string;
  /** Those that worked at it. */
  readonly engines: readonly string[];
  /** Of each cell, once it is done. */
  readonly images: number;
  readonly classes: readonly string[];
  /** The clean accuracy first. */
  readonly cells: readonly EvaluationCell[];
}
/** A folder that holds none. */
export interface UnreadableEvaluation {
  readonly id: string;
  readonly state: 'unreadable';
  readonly problem: string;
}

/** Predictions [n], and energies [n] in nats. */
export interface PointColumns {
  readonly predicted: Int32Array;
  readonly marginal: Float32Array;
  readonly joint: Float32Array;
}
/** Per image of one cell, from the first image of the side on: before and after. */
export interface EvaluationImages {
  readonly labels: Int32Array;
  readonly clean: PointColumns;
  readonly adversarial: PointColumns;
  /** 1 where right both clean and attacked. */
  readonly robust: Uint8Array;
}

const id = v.strictObject({ id: short });

export const evaluationsContract = {
  /** All evaluations at once, then whenever one changes. */
  'evaluations.follow': stream<readonly (Evaluation | UnreadableEvaluation)[]>()('library', nothing),
  'evaluations.images': call<EvaluationImages>()('library', v.strictObject({ id: short, cell: whole(0, 1023) })),
  /** Moves it into the trash of the data folder; `restore` brings it back. */
  'evaluations.remove': call<{ trashed: string }>()('library', id),
  'evaluations.restore': call<null>()('library', v.strictObject({ trashed: short })),
};
