/** Which images are shown, in which order and under which headings. */
import type { Section } from '../../plots/atlas/layout';
import type { Scores } from './scores';

export const sortNames = ['index', 'label', 'loss', 'marginal', 'joint', 'prediction'] as const;
export type SortName = (typeof sortNames)[number];
export const sortTitles: Readonly<Record<SortName, string>> = {
  index: 'Index',
  label: 'Label',
  loss: 'Loss',
  marginal: 'E(x)',
  joint: 'E(x,y)',
  prediction: 'Prediction',
};
/** These need the scores of a model. */
export const isScored = (sort: SortName): boolean => sort !== 'index' && sort !== 'label';

export const verdicts = ['right', 'wrong', 'robust', 'fooled'] as const;
export type Verdict = (typeof verdicts)[number];

export interface Arrangement {
  /** Classes that are shown; none means all. */
  readonly classes: ReadonlySet<number>;
  /** One of these must hold; none means all images. */
  readonly verdicts: ReadonlySet<Verdict>;
  readonly sort: SortName;
  readonly descending: boolean;
  /** Headings by class. */
  readonly grouped: boolean;
}

export interface Arranged {
  readonly order: Uint32Array;
  readonly sections: readonly Section[];
}

export const isSame = (a: Arranged, b: Arranged): boolean =>
  a.order.length === b.order.length &&
  a.sections.length === b.sections.length &&
  a.sections.every(({ title, count }, i) => title === b.sections[i]?.title && count === b.sections[i]?.count) &&
  a.order.every((image, i) => image === b.order[i]);

/** Whether the model's verdict on an image is this one; what was not scored has none. */
export function holds(verdict: Verdict, image: number, labels: Int32Array, scores: Scores): boolean {
  const predicted = scores.predicted[image] ?? -1;
  if (predicted < 0) return false;
  const right = predicted === labels[image];
  switch (verdict) {
    case 'right':
      return right;
    case 'wrong':
      return !right;
    case 'robust':
      return scores.robust[image] === 1;
    case 'fooled':
      return right && scores.robust[image] === 0;
  }
}

export function arrange(
  labels: Int32Array,
  classNames: readonly string[],
  { classes, verdicts: wanted, sort, descending, grouped }: Arrangement,
  scores?: Scores,
): Arranged {
  const chosen: number[] = [];
  for (let image = 0; image < labels.length; image++) {
    if (classes.size > 0 && !classes.has(labels[image] ?? -1)) continue;
    if (wanted.size > 0 && !(scores && [...wanted].some((verdict) => holds(verdict, image, labels, scores)))) continue;
    chosen.push(image);
  }
  const value = valueOf(sort, labels, scores);
  const sign = descending ? -1 : 1;
  if (value)
    chosen.sort((a, b) => {
      const [left, right] = [value(a), value(b)];
      // what has no value goes last, whatever the direction
      if (Number.isNaN(left) || Number.isNaN(right))
        return Number(Number.isNaN(left)) - Number(Number.isNaN(right)) || a - b;
      return sign * (left - right) || a - b;
    });
  else if (descending) chosen.reverse();
  if (!grouped) return { order: Uint32Array.from(chosen), sections: [{ title: '', count: chosen.length }] };
  const groups = classNames.map((): number[] => []);
  for (const image of chosen) groups[labels[image] ?? 0]?.push(image);
  const filled = groups
    .map((images, i) => ({ images, title: classNames[i] ?? String(i) }))
    .filter(({ images }) => images.length);
  return {
    order: Uint32Array.from(filled.flatMap(({ images }) => images)),
    sections: filled.map(({ images, title }) => ({ title, count: images.length })),
  };
}

function valueOf(sort: SortName, labels: Int32Array, scores?: Scores): ((image: number) => number) | undefined {
  if (sort === 'index') return undefined;
  if (sort === 'label') return (image) => labels[image] ?? 0;
  if (!scores) return undefined;
  const { predicted, crossEntropy, marginal, joint } = scores;
  const values = { loss: crossEntropy, marginal, joint, prediction: predicted }[sort];
  return (image) => {
    const value = values[image] ?? NaN;
    return sort === 'prediction' && value < 0 ? NaN : value;
  };
}
