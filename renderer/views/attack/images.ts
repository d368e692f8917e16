/** The images of a cell by what became of them. */
import type { EvaluationImages } from '../../../core/contract/areas/evaluations';

/** 'fooled': right clean, wrong under the attack; 'stands': right both; 'wrong': wrong already. */
export const outcomes = ['fooled', 'stands', 'wrong'] as const;
export type Outcome = (typeof outcomes)[number];

export const outcomeOf = ({ labels, clean, robust }: EvaluationImages, i: number): Outcome =>
  robust[i] === 1 ? 'stands' : clean.predicted[i] === labels[i] ? 'fooled' : 'wrong';

/** Indices of the images, by what became of them. */
export function byOutcome(images: EvaluationImages): Readonly<Record<Outcome, readonly number[]>> {
  const found: Record<Outcome, number[]> = { fooled: [], stands: [], wrong: [] };
  for (const i of images.labels.keys()) found[outcomeOf(images, i)].push(i);
  return found;
}

/** Half the width of the 95 % interval of a share over n images (Wilson 1927). */
export function interval(share: number, n: number): number {
  const z = 1.96;
  return (z / (1 + z ** 2 / n)) * Math.sqrt((share * (1 - share)) / n + z ** 2 / (4 * n ** 2));
}
