/**
 * The Inception Score (Salimans et al. 2016): exp of the mean KL(p(y|x) || p(y)), in each of ten parts of the shuffled images; the
 * parts and the shuffle are torch-fidelity's.
 */
import { AppError } from '../../lib/errors';
import { type Features, checkFeatures } from './features';
import { RandomState } from './mersenne';

export interface InceptionScore {
  /** Over the parts; the deviation divides by their number. */
  readonly mean: number;
  readonly std: number;
  readonly splits: number;
}

export interface ScoreOptions {
  readonly splits?: number;
  /** Of the shuffle; undefined: the images as they come. */
  readonly seed?: number | undefined;
}

/** From logits [n, classes]. @throws AppError BAD_DATA for fewer images than parts, or a logit that is not finite. */
export function inceptionScore(logits: Features, { splits = 10, seed }: ScoreOptions = {}): InceptionScore {
  checkFeatures(logits, Math.max(1, splits));
  const { n, d } = logits;
  if (!(splits >= 1)) throw new AppError('BAD_OPTION', `The images cannot be taken in ${splits} parts.`);
  const order =
    seed === undefined ? Uint32Array.from({ length: n }, (_, i) => i) : new RandomState(seed).permutation(n);
  const logs = logProbabilities(logits);
  const scores = Array.from({ length: splits }, (_, part) => {
    const rows = order.subarray(Math.floor((part * n) / splits), Math.floor(((part + 1) * n) / splits));
    const marginal = new Float64Array(d);
    for (const row of rows)
      for (let j = 0; j < d; j++) marginal[j] = (marginal[j] ?? 0) + Math.exp(logs[row * d + j] ?? 0) / rows.length;
    const logMarginal = marginal.map(Math.log);
    let sum = 0;
    for (const row of rows)
      for (let j = 0; j < d; j++) {
        const log = logs[row * d + j] ?? 0;
        const p = Math.exp(log);
        if (p > 0) sum += p * (log - (logMarginal[j] ?? 0));
      }
    return Math.exp(sum / rows.length);
  });
  return { ...meanAndDeviation(scores), splits };
}

function logProbabilities({ values, n, d }: Features): Float64Array {
  const logs = new Float64Array(n * d);
  for (let i = 0; i < n; i++) {
    const row = values.subarray(i * d, (i + 1) * d);
    let most = -Infinity;
    for (const value of row) most = Math.max(most, value);
    let sum = 0;
    for (const value of row) sum += Math.exp(value - most);
    const shift = most + Math.log(sum);
    for (let j = 0; j < d; j++) logs[i * d + j] = (row[j] ?? 0) - shift;
  }
  return logs;
}

/** The deviation divides by the number of values. */
export function meanAndDeviation(values: readonly number[]): { mean: number; std: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, std: Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) };
}
