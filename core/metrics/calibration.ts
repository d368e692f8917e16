/**
 * How far a classifier's confidence is its accuracy: expected calibration error in bins of equal width (Naeini et al. 2015; Guo et al.
 * 2017, eq. 3) and of equal mass (Nguyen & O'Connor 2015), Brier score, negative log-likelihood.
 */
import { type Predictions, checkPredictions, softmax } from './softmax';

/** A bin of the reliability diagram: accuracy and mean confidence of what lies in it; NaN in an empty one. */
export interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly accuracy: number;
  readonly confidence: number;
}

export interface Calibration {
  readonly images: number;
  readonly accuracy: number;
  /** Mean of max p. */
  readonly confidence: number;
  /** sum_b n_b / n |accuracy_b - confidence_b|, with 10 and 15 bins [b/m, (b+1)/m), the last one closed. */
  readonly ece10: number;
  readonly ece15: number;
  /** The same with 15 bins of equally many images, by confidence. */
  readonly adaptiveEce: number;
  /** Mean of sum_k (p_k - [y = k])^2, in [0, 2]. */
  readonly brier: number;
  /** Mean of -log p_y, in nats. */
  readonly nll: number;
  /** Of the 15 bins. */
  readonly bins: readonly ReliabilityBin[];
}

/** @throws AppError BAD_DATA as `checkPredictions`. */
export function calibrationOf(predictions: Predictions, temperature = 1): Calibration {
  checkPredictions(predictions);
  const { labels, classes } = predictions;
  const n = labels.length;
  const p = softmax(predictions, temperature);
  const confidence = new Float64Array(n);
  const right = new Uint8Array(n);
  let [brier, nll] = [0, 0];
  for (let i = 0; i < n; i++) {
    const row = p.subarray(i * classes, (i + 1) * classes);
    let best = 0;
    for (let k = 0; k < classes; k++) {
      if ((row[k] ?? NaN) > (row[best] ?? NaN)) best = k;
      brier += ((row[k] ?? NaN) - (k === labels[i] ? 1 : 0)) ** 2;
    }
    confidence[i] = row[best] ?? NaN;
    right[i] = best === labels[i] ? 1 : 0;
    // of a probability that underflowed: the smallest there is
    nll -= Math.log(Math.max(row[labels[i] ?? 0] ?? NaN, Number.MIN_VALUE));
  }
  const bins = equalWidth(confidence, right, 15);
  return {
    images: n,
    accuracy: mean(right),
    confidence: mean(confidence),
    ece10: error(equalWidth(confidence, right, 10), n),
    ece15: error(bins, n),
    adaptiveEce: error(equalMass(confidence, right, 15), n),
    brier: brier / n,
    nll: nll / n,
    bins,
  };
}

function equalWidth(confidence: Float64Array, right: Uint8Array, count: number): ReliabilityBin[] {
  const members: number[][] = Array.from({ length: count }, () => []);
  confidence.forEach((value, i) => members[Math.min(count - 1, Math.floor(value * count))]?.push(i));
  return members.map((own, b) => binOf(own, confidence, right, b / count, (b + 1) / count));
}

function equalMass(confidence: Float64Array, right: Uint8Array, count: number): ReliabilityBin[] {
  const order = Array.from(confidence.keys()).sort((a, b) => (confidence[a] ?? 0) - (confidence[b] ?? 0));
  const n = order.length;
  return Array.from({ length: count }, (_, b) => {
    const own = order.slice(Math.round((b * n) / count), Math.round(((b + 1) * n) / count));
    return binOf(own, confidence, right, confidence[own[0] ?? 0] ?? 0, confidence[own.at(-1) ?? 0] ?? 1);
  });
}

function binOf(
  own: readonly number[],
  confidence: Float64Array,
  right: Uint8Array,
  from: number,
  to: number,
): ReliabilityBin {
  const of = (values: ArrayLike<number>) => own.reduce((sum, i) => sum + (values[i] ?? NaN), 0) / own.length;
  return { from, to, count: own.length, accuracy: of(right), confidence: of(confidence) };
}

const error = (bins: readonly ReliabilityBin[], n: number): number =>
  bins.reduce(
    (sum, { count, accuracy, confidence }) => (count === 0 ? sum : sum + (count / n) * Math.abs(accuracy - confidence)),
    0,
  );
const mean = (values: Float64Array | Uint8Array): number => {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
};
