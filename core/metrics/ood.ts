/**
 * Whether a classifier notices that images are not of its kind: scores that should be higher on its own images than on others, by
 * max p (Hendrycks & Gimpel 2017), the largest logit, -E(x) = log-sum-exp (Liu et al. 2020; Grathwohl et al. 2020) and -||grad_x E(x)||
 * (Grathwohl et al. 2020, section 5.3).
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { marginalEnergy, valueAndGradient } from '../energy/energy';
import { l2Norm } from '../energy/geometry';
import type { CompileOptions, Compiler } from '../engine/engine';
import { breathe } from '../lib/breathe';
import { throwIfCancelled } from '../lib/errors';
import { key } from '../lib/key';
import { type Classifier, compileWith } from '../models/model';
import { type Ranking, ranking } from './ranking';

export const scoreIds = ['max-p', 'max-logit', 'energy', 'gradient'] as const;
export type ScoreId = (typeof scoreIds)[number];
export const scoreTitles: Readonly<Record<ScoreId, string>> = {
  'max-p': 'max p(y|x)',
  'max-logit': 'largest logit',
  energy: '-E(x)',
  gradient: '-||grad E(x)||',
};
export type Scores = Readonly<Record<ScoreId, Float32Array>>;

/** Images [n, h, w, c] flat in [0,1], given a piece at a time, so that no set need be in memory as a whole. */
export interface ImageSource {
  readonly name: string;
  readonly size: number;
  /** Images from..to. */
  pixels(from: number, to: number): Float32Array;
}

export interface OodPlan {
  readonly batch: number;
  readonly compile?: CompileOptions;
  readonly signal?: AbortSignal | undefined;
  readonly tell?: ((task: string, done: number, total: number) => void) | undefined;
  /** Hears the scores of each set, the model's own images first: for histograms. */
  readonly scored?: ((name: string, scores: Scores) => void) | undefined;
}

export interface OodResult {
  readonly against: string;
  readonly images: number;
  readonly scores: Readonly<Record<ScoreId, Ranking>>;
}

/** The scores of a model, compiled, for one set after the other. */
export function scorer(engine: Compiler, model: Classifier, { batch, compile, signal, tell }: OodPlan) {
  const step = compileWith(engine, model, (net, { x }: { x: Tensor4D }) => ({ table: scoreTable(net, x) }), compile);
  return {
    /** @throws AppError CANCELLED. */
    async scores(source: ImageSource): Promise<Scores> {
      const found = Object.fromEntries(scoreIds.map((id) => [id, new Float32Array(source.size)])) as Record<
        ScoreId,
        Float32Array
      >;
      const size = Math.min(batch, source.size);
      // the last images in a batch as large as the others, so that every batch is one compiled step
      for (let at = 0; at < source.size; at += size) {
        await breathe();
        throwIfCancelled(signal);
        const from = Math.min(at, source.size - size);
        const x = tf.tensor4d(source.pixels(from, from + size), [size, ...model.inputShape]);
        const { table } = step.run({ x }, key(0, 'ood'));
        const values = await table.data<'float32'>();
        scoreIds.forEach((id, row) => found[id].set(values.subarray(row * size, (row + 1) * size), from));
        tf.dispose([x, table]);
        tell?.(source.name, from + size, source.size);
      }
      return found;
    },
    dispose: () => step.dispose(),
  };
}

/** Each score at x, a row for each: [4, n]. */
const scoreTable = (model: Classifier, x: Tensor4D): Tensor2D =>
  tf.tidy(() => {
    let logits: Tensor2D | undefined;
    const { value, gradient } = valueAndGradient(model, x, (given) => {
      logits = tf.keep(tf.clone(given));
      return marginalEnergy(given);
    });
    if (!logits) throw new Error('the energy was not asked for');
    const rows: Tensor1D[] = [
      tf.max(tf.exp(tf.logSoftmax(logits)), 1),
      tf.max(logits, 1),
      tf.neg(value),
      tf.neg(tf.reshape(l2Norm(gradient), [-1])),
    ];
    const table = tf.stack(rows) as Tensor2D;
    tf.dispose([logits, value]);
    return table;
  });

/** How each score tells a model's own images from each of the other sets. @throws AppError CANCELLED, BAD_DATA. */
export async function measureOod(
  engine: Compiler,
  model: Classifier,
  own: ImageSource,
  others: readonly ImageSource[],
  plan: OodPlan,
): Promise<OodResult[]> {
  const { scores, dispose } = scorer(engine, model, plan);
  try {
    const inside = await scores(own);
    plan.scored?.(own.name, inside);
    const results: OodResult[] = [];
    for (const other of others) {
      const outside = await scores(other);
      plan.scored?.(other.name, outside);
      const ranked = scoreIds.map((id) => [id, ranking(inside[id], outside[id])] as const);
      results.push({
        against: other.name,
        images: other.size,
        scores: Object.fromEntries(ranked) as Record<ScoreId, Ranking>,
      });
    }
    return results;
  } finally {
    dispose();
  }
}
