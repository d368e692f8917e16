/**
 * How well a score tells one set from another: area under the ROC curve (ties count half), average precision, and the false positive rate
 * at 95 % true positives (Hendrycks & Gimpel 2017).
 */
import { AppError } from '../lib/errors';

export interface Ranking {
  /** Probability that one of the positives scores higher than one of the negatives. */
  readonly auroc: number;
  /** Average precision with these positives, and with the negatives as positives and the score turned round. */
  readonly aupr: number;
  readonly auprReversed: number;
  /** Share of the negatives above the highest threshold that at least 95 % of the positives reach. */
  readonly fprAt95: number;
}

/** Positives should score higher. @throws AppError BAD_DATA where one is empty or a score is NaN. */
export function ranking(positives: ArrayLike<number>, negatives: ArrayLike<number>): Ranking {
  const groups = tied(positives, negatives);
  const [p, n] = [positives.length, negatives.length];
  let [above, below, area] = [0, 0, 0];
  let fprAt95 = 1;
  for (const { positive, negative } of groups) {
    area += positive * (n - below - negative) + (positive * negative) / 2;
    above += positive;
    below += negative;
    if (above >= 0.95 * p) fprAt95 = Math.min(fprAt95, below / n);
  }
  return {
    auroc: area / (p * n),
    aupr: averagePrecision(groups, p),
    auprReversed: averagePrecision(
      groups.map(({ positive, negative }) => ({ positive: negative, negative: positive })).reverse(),
      n,
    ),
    fprAt95,
  };
}

interface Tied {
  positive: number;
  negative: number;
}

/** How many of each share a score, the highest score first. */
function tied(positives: ArrayLike<number>, negatives: ArrayLike<number>): Tied[] {
  for (const [what, scores] of [
    ['in-distribution', positives],
    ['other', negatives],
  ] as const) {
    if (scores.length === 0) throw new AppError('BAD_DATA', `There are no ${what} scores to compare.`);
    for (let i = 0; i < scores.length; i++)
      if (Number.isNaN(scores[i] ?? NaN))
        throw new AppError('BAD_DATA', `Score ${i} of the ${what} images is not a number.`);
  }
  const all = [
    ...Array.from(positives, (score) => ({ score, positive: 1 })),
    ...Array.from(negatives, (score) => ({ score, positive: 0 })),
  ].sort((a, b) => b.score - a.score);
  const groups: Tied[] = [];
  let last = NaN;
  for (const { score, positive } of all) {
    if (score !== last) groups.push({ positive: 0, negative: 0 });
    last = score;
    const group = groups.at(-1);
    if (!group) continue;
    group.positive += positive;
    group.negative += 1 - positive;
  }
  return groups;
}

/** sum over thresholds of (recall_i - recall_{i-1}) precision_i. */
function averagePrecision(groups: readonly Tied[], positives: number): number {
  let [found, taken, sum] = [0, 0, 0];
  for (const { positive, negative } of groups) {
    found += positive;
    taken += positive + negative;
    sum += (positive / positives) * (found / taken);
  }
  return sum;
}
