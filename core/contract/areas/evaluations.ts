/** Evaluations: accuracy of a model under attacks at several radii, kept on disk batch by batch. They run as jobs. */
import * as v from 'valibot';
import type { Json } from '../../lib/json';
import { call, stream } from '../contract';
import { finite, name, nothing, norm, options, seed, short, side, whole } from './common';

export const evaluationPlan = v.strictObject({
  model: name,
  dataset: name,
  side,
  images: whole(1, 100_000),
  batch: v.optional(whole(1, 2048), 100),
  norm,
  /** Radii in [0,1] units, in any order; 0 is the clean accuracy and need not be asked for. */
  eps: v.pipe(v.array(v.pipe(finite, v.minValue(0), v.maxValue(1000))), v.minLength(1), v.maxLength(16)),
  attacks: v.pipe(v.array(v.strictObject({ attack: name, options })), v.minLength(1), v.maxLength(16)),
  seed,
});
export type EvaluationPlan = v.InferOutput<typeof evaluationPlan>;

/** One attack at one radius, as far as it has come. */
export interface EvaluationCell {
  readonly attack: string;
  readonly title: string;
  readonly options: Readonly<Record<string, Json>>;
  readonly eps: number;
  readonly images: number;
  readonly robust: number;
  /** Mean E(x) - E(x~), in nats. */
  readonly deltaEnergy: number;
}
export interface Evaluation {
  readonly id: string;
  readonly plan: EvaluationPlan;
  readonly state: 'running' | 'done' | 'stopped';
  readonly created: string;
  readonly engine?: string;
  readonly clean?: { readonly images: number; readonly accuracy: number };
  readonly cells: readonly EvaluationCell[];
}
/** Per image of one cell: predictions and energies before and after. */
export interface EvaluationImages {
  readonly labels: Uint8Array;
  readonly clean: { readonly predicted: Uint8Array; readonly marginal: Float32Array; readonly joint: Float32Array };
  readonly adversarial: {
    readonly predicted: Uint8Array;
    readonly marginal: Float32Array;
    readonly joint: Float32Array;
  };
  /** Right both clean and attacked. */
  readonly robust: Uint8Array;
}

export const evaluationsContract = {
  /** All evaluations at once, then whenever one changes. */
  'evaluations.follow': stream<readonly Evaluation[]>()('library', nothing),
  'evaluations.images': call<EvaluationImages>()('library', v.strictObject({ id: short, cell: whole(0, 255) })),
  'evaluations.remove': call<null>()('library', v.strictObject({ id: short })),
};
