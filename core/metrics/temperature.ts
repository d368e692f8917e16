/** Temperature scaling (Guo et al. 2017, section 4.2): one number by which all logits are divided, found on one half, judged on the other. */
import { type Calibration, calibrationOf } from './calibration';
import { type Predictions, checkPredictions, softmax } from './softmax';

/** The temperatures that are looked at. */
const [coldest, hottest] = [1e-3, 1e3];

export interface TemperatureScaling {
  readonly temperature: number;
  /** The likelihood still rises at the edge of what is looked at: all predictions are right, or all are noise. */
  readonly atEdge: boolean;
  /** Of the other half, before and after. */
  readonly before: Calibration;
  readonly after: Calibration;
}

/**
 * The T in [1e-3, 1e3] that minimises the mean of -log softmax(z / T)_y. In 1/T that is convex, with the slope
 * mean(sum_k p_k z_k - z_y), so bisection of the slope's sign cannot fail.
 */
export function bestTemperature(predictions: Predictions): { temperature: number; atEdge: boolean } {
  checkPredictions(predictions);
  const { logits, labels, classes } = predictions;
  const slope = (temperature: number) => {
    const p = softmax(predictions, temperature);
    let sum = 0;
    for (let i = 0; i < labels.length; i++) {
      const label = logits[i * classes + (labels[i] ?? 0)] ?? NaN;
      for (let k = 0; k < classes; k++) sum += (p[i * classes + k] ?? NaN) * ((logits[i * classes + k] ?? NaN) - label);
    }
    return sum;
  };
  if (slope(coldest) <= 0) return { temperature: coldest, atEdge: true };
  if (slope(hottest) >= 0) return { temperature: hottest, atEdge: true };
  let [low, high] = [Math.log(coldest), Math.log(hottest)];
  for (let k = 0; k < 60; k++) {
    const middle = (low + high) / 2;
    // colder than the best: the slope in 1/T is positive
    if (slope(Math.exp(middle)) > 0) low = middle;
    else high = middle;
  }
  return { temperature: Math.exp((low + high) / 2), atEdge: false };
}

/** Fits on the images of even index and judges those of odd index; undefined for a single image. @throws AppError BAD_DATA. */
export function temperatureScaling(predictions: Predictions): TemperatureScaling | undefined {
  checkPredictions(predictions);
  if (predictions.labels.length < 2) return undefined;
  const [fitted, judged] = [half(predictions, 0), half(predictions, 1)];
  const { temperature, atEdge } = bestTemperature(fitted);
  return { temperature, atEdge, before: calibrationOf(judged), after: calibrationOf(judged, temperature) };
}

function half({ logits, labels, classes }: Predictions, first: 0 | 1): Predictions {
  const rows = Array.from({ length: Math.ceil((labels.length - first) / 2) }, (_, i) => first + 2 * i);
  const own = new Float64Array(rows.length * classes);
  rows.forEach((row, i) => own.set(logits.subarray(row * classes, (row + 1) * classes), i * classes));
  return { logits: own, labels: rows.map((row) => labels[row] ?? NaN), classes };
}
