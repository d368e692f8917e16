/** Figures of what the metrics measure: their results as the data that figures draw. */
import type { CalibrationResult } from '../metrics/measure-calibration';
import type { CurveResult } from '../metrics/curve';
import type { DistanceResult } from '../metrics/measure-distances';
import type { TransferResult } from '../metrics/transfer';
import type { AttackMatrix } from './attack-matrix';
import type { ClassHistogram } from './class-histogram';
import type { ClassRow } from '../metrics/per-class';
import type { FigureText } from './frame';
import type { HistogramFigure } from './histogram';
import type { Provenance } from './png-text';
import type { Reliability } from './reliability';
import type { RobustnessCurve } from './robustness-curve';

interface About {
  /** Of which model, or models. */
  readonly title: string;
  readonly provenance: Provenance;
}

/** The half that judged the temperature before and after it; all images where there is no temperature. */
export function calibrationData(
  { images, bins, scaling }: CalibrationResult,
  { title, provenance }: About,
): Reliability {
  const words = { title: `Calibration of ${title}`, provenance };
  if (!scaling)
    return { ...words, subtitle: images === 1 ? '1 image' : `${images} images`, panels: [{ title: 'as it is', bins }] };
  return {
    ...words,
    subtitle: `The ${scaling.after.images} images that the temperature was not found on`,
    panels: [
      { title: 'as it is', bins: scaling.before.bins },
      { title: `at temperature ${scaling.temperature.toPrecision(3)}`, bins: scaling.after.bins },
    ],
  };
}

/** A score over the model's own images and those of each other set. */
export const scoreData = (
  score: string,
  own: { readonly name: string; readonly values: ArrayLike<number> },
  others: readonly { readonly name: string; readonly values: ArrayLike<number> }[],
  { title, provenance }: About,
): HistogramFigure => ({
  title: `${score} of ${title}`,
  xLabel: score,
  series: [own, ...others].map(({ name, values }) => ({ label: name, values })),
  provenance,
});

/** Curves in n/255 for linf, in pixel units for other norms. */
export function curveData(
  model: string,
  { clean, eps, attacks, worst, norm, images }: CurveResult,
  provenance: Provenance,
): RobustnessCurve {
  const scale = norm === 'linf' ? 255 : 1;
  const radii = eps.map((radius) => radius * scale);
  const all = attacks.map(({ title, accuracy }) => ({ model, attack: title, eps: radii, accuracy }));
  return {
    title: `Accuracy of ${model} against the radius of attacks`,
    subtitle: `${images} images`,
    unit: norm === 'linf' ? 'linf, n/255' : norm,
    clean: { [model]: clean },
    series: all.length > 1 ? [...all, { model, attack: 'worst case', eps: radii, accuracy: worst }] : all,
    provenance,
  };
}

/** A row for each model that is judged, a column for each model that the images were crafted on. */
export function transferData(
  { models, clean, accuracy, attack, images }: TransferResult,
  provenance: Provenance,
): AttackMatrix {
  return {
    title: 'Transfer of adversarial images',
    subtitle: `Accuracy of each row in per cent on ${images} images attacked by ${attack} on the column’s model`,
    models: models.map((title) => ({ title })),
    attacks: [{ title: 'clean' }, ...models.map((title) => ({ title: `on ${title}` }))],
    accuracy: models.flatMap((_, j) => [clean[j] ?? NaN, ...accuracy.map((row) => row[j] ?? NaN)]),
    provenance,
  };
}

/** Those found; in n/255 for linf. */
export function distanceData(
  model: string,
  results: readonly DistanceResult[],
  provenance: Provenance,
): HistogramFigure {
  const linf = results.every(({ norm }) => norm === 'linf');
  return {
    title: `Smallest perturbations that fool ${model}`,
    xLabel: linf ? 'distance (linf, n/255)' : `distance (${results[0]?.norm ?? 'l2'}, pixels in [0,1])`,
    series: results.map(({ attack, distances }) => ({
      label: attack,
      values: distances.filter((d) => d > 0 && Number.isFinite(d)).map((d) => d * (linf ? 255 : 1)),
    })),
    bins: 40,
    provenance,
  };
}

/** How many images of each class there are, are right, and stay right. */
export const perClassData = (rows: readonly ClassRow[], words: FigureText): ClassHistogram => ({
  ...words,
  classes: rows.map(({ name }) => name),
  series: [
    { label: 'all', counts: rows.map(({ images }) => images) },
    { label: 'right', counts: rows.map(({ cleanCorrect }) => cleanCorrect) },
    { label: 'robust', counts: rows.map(({ robustCorrect }) => robustCorrect) },
  ],
  xLabel: 'images',
});
