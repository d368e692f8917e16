/** Logits read back from an engine, as probabilities in float64. */
import { AppError } from '../lib/errors';

export interface Predictions {
  /** [n, classes], row by row. */
  readonly logits: Float32Array | Float64Array;
  /** The right class of each. */
  readonly labels: ArrayLike<number>;
  readonly classes: number;
}

/** @throws AppError BAD_DATA where there are none, they are not finite, or a label is none of the classes. */
export function checkPredictions({ logits, labels, classes }: Predictions): void {
  if (labels.length === 0)
    throw new AppError('BAD_DATA', 'There are no predictions to judge.', 'Take at least one image.');
  if (logits.length !== labels.length * classes)
    throw new AppError('BAD_DATA', `${logits.length} logits are not ${labels.length} rows of ${classes}.`);
  const bad = logits.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0)
    throw new AppError(
      'BAD_DATA',
      `The logits of image ${Math.floor(bad / classes)} hold ${String(logits[bad])}.`,
      'The network is damaged, or its images are out of range.',
    );
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i] ?? NaN;
    if (!(Number.isInteger(label) && label >= 0 && label < classes))
      throw new AppError('BAD_DATA', `Image ${i} has the label ${label}; there are ${classes} classes.`);
  }
}

/** softmax(logits / temperature) [n, classes], in float64. */
export function softmax({ logits, labels, classes }: Predictions, temperature = 1): Float64Array {
  const probabilities = new Float64Array(logits.length);
  for (let row = 0; row < labels.length; row++) {
    const from = row * classes;
    let largest = -Infinity;
    for (let k = 0; k < classes; k++) largest = Math.max(largest, logits[from + k] ?? NaN);
    let sum = 0;
    for (let k = 0; k < classes; k++)
      sum += probabilities[from + k] = Math.exp(((logits[from + k] ?? NaN) - largest) / temperature);
    for (let k = 0; k < classes; k++) probabilities[from + k] = (probabilities[from + k] ?? NaN) / sum;
  }
  return probabilities;
}
