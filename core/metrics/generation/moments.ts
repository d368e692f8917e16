/** Mean and covariance of features, in float64: the centre is taken off before anything is multiplied. */
import { addProduct, mirror } from './dense';
import { type Features, type Pace, checkFeatures } from './features';

export interface Moments {
  /** [d]. */
  readonly mean: Float64Array;
  /** [d, d], with n - 1 in the denominator. */
  readonly covariance: Float64Array;
  readonly d: number;
  /** Of how many images; undefined where a file does not say. */
  readonly n: number | undefined;
}

const chunk = 256;

/** @throws AppError BAD_DATA for fewer than two images or a value that is not finite; CANCELLED by the pace. */
export async function momentsOf(features: Features, pace: Pace): Promise<Moments> {
  checkFeatures(features);
  const { values, n, d } = features;
  const mean = meanOf(features);
  const covariance = new Float64Array(d * d);
  for (let from = 0; from < n; from += chunk) {
    const size = Math.min(chunk, n - from);
    const centred = new Float64Array(d * size);
    for (let i = 0; i < size; i++)
      for (let j = 0; j < d; j++) centred[j * size + i] = (values[(from + i) * d + j] ?? 0) - (mean[j] ?? 0);
    const whole = { values: covariance, at: 0, width: d };
    await addProduct(whole, centred, centred, [d, d, size], { scale: 1 / (n - 1), upper: true });
    await pace((from + size) / n);
  }
  mirror(covariance, d);
  return { mean, covariance, d, n };
}

export function meanOf({ values, n, d }: Features): Float64Array {
  const mean = new Float64Array(d);
  for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) mean[j] = (mean[j] ?? 0) + (values[i * d + j] ?? 0);
  return mean.map((sum) => sum / n);
}
