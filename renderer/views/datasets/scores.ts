/** What a model made of a split, image by image, as it comes in; what was not reached is NaN or -1. Energies in nats. */
import type { ScoreBatch } from '../../../core/contract/areas/datasets';

export interface Scores {
  readonly model: string;
  /** Name and options of the attack that `robust` is about. */
  readonly attack?: string;
  readonly total: number;
  /** Images from 0 that have scores. */
  done: number;
  readonly predicted: Int32Array;
  readonly crossEntropy: Float32Array;
  readonly marginal: Float32Array;
  readonly joint: Float32Array;
  /** 1 right under attack, 0 not, -1 not known. */
  readonly robust: Int8Array;
}

export const emptyScores = (model: string, size: number, total: number, attack?: string): Scores => ({
  model,
  ...(attack === undefined ? {} : { attack }),
  total,
  done: 0,
  predicted: new Int32Array(size).fill(-1),
  crossEntropy: new Float32Array(size).fill(NaN),
  marginal: new Float32Array(size).fill(NaN),
  joint: new Float32Array(size).fill(NaN),
  robust: new Int8Array(size).fill(-1),
});

/** Takes a batch in, in place. */
export function addBatch(scores: Scores, batch: ScoreBatch): void {
  const { from } = batch;
  scores.predicted.set(batch.predicted, from);
  scores.crossEntropy.set(batch.crossEntropy, from);
  scores.marginal.set(batch.marginal, from);
  scores.joint.set(batch.joint, from);
  if (batch.robust) scores.robust.set(batch.robust, from);
  scores.done = Math.max(scores.done, from + batch.predicted.length);
}

/** Of each image: 0 nothing to say, 1 wrong, 2 right but not under attack. What the atlas frames. */
export function marksOf({ predicted, robust }: Scores, labels: Int32Array): Uint8Array {
  const marks = new Uint8Array(labels.length);
  for (let i = 0; i < labels.length; i++) {
    const class_ = predicted[i] ?? -1;
    if (class_ < 0) continue;
    marks[i] = class_ !== labels[i] ? 1 : robust[i] === 0 ? 2 : 0;
  }
  return marks;
}

export interface ScoreSummary {
  readonly scored: number;
  readonly right: number;
  /** Of those that were attacked. */
  readonly attacked: number;
  readonly robust: number;
}

export function summaryOf({ predicted, robust }: Scores, labels: Int32Array): ScoreSummary {
  let [scored, right, attacked, withstood] = [0, 0, 0, 0];
  for (let i = 0; i < labels.length; i++) {
    if ((predicted[i] ?? -1) < 0) continue;
    scored++;
    if (predicted[i] === labels[i]) right++;
    if ((robust[i] ?? -1) >= 0) attacked++;
    if (robust[i] === 1) withstood++;
  }
  return { scored, right, attacked, robust: withstood };
}
