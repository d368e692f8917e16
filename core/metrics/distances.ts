/** What the smallest adversarial perturbations of images say: a median, quantiles, and the accuracy at any radius (Brendel et al. 2019). */
import { quantile } from 'd3-array';
import { AppError } from '../lib/errors';
import { type Histogram, histogram } from './energies';

export const quantileShares = [0.05, 0.25, 0.5, 0.75, 0.95] as const;

export interface DistanceSummary {
  readonly images: number;
  /** Wrong without any perturbation: distance 0. */
  readonly wrong: number;
  /** Right, and with an adversarial image that was found. */
  readonly found: number;
  /** Right, and none was found. */
  readonly notFound: number;
  /** Of the images that are right, in the norm's unit; not found counts as infinitely far, and an infinite one is null. */
  readonly quantiles: readonly { readonly share: number; readonly distance: number | null }[];
  readonly median: number | null;
  /** Mean of those found; null where there is none. */
  readonly mean: number | null;
  /** Counts of those found. */
  readonly histogram: Histogram;
}

/** From a distance for each image: 0 where it is wrong anyway, Infinity where nothing was found. @throws AppError BAD_DATA. */
export function distanceSummary(distances: ArrayLike<number>, bins = 40): DistanceSummary {
  const all = checked(distances);
  const right = all.filter((distance) => distance > 0).sort((a, b) => a - b);
  const found = right.filter(Number.isFinite);
  const finite = (value: number | undefined) => (value !== undefined && Number.isFinite(value) ? value : null);
  const quantiles = quantileShares.map((share) => ({ share, distance: finite(at(right, share)) }));
  return {
    images: all.length,
    wrong: all.length - right.length,
    found: found.length,
    notFound: right.length - found.length,
    quantiles,
    median: finite(at(right, 0.5)),
    mean: found.length > 0 ? found.reduce((sum, distance) => sum + distance, 0) / found.length : null,
    histogram: histogram({ found }, bins),
  };
}

/** Share of all images whose distance is above each radius: what such an attack leaves standing there. @throws AppError BAD_DATA. */
export function accuracyAt(distances: ArrayLike<number>, eps: readonly number[]): number[] {
  const all = checked(distances);
  return eps.map((radius) => all.filter((distance) => distance > radius).length / all.length);
}

/** Between two finite neighbours by interpolation; the upper one of a pair that is not. */
function at(sorted: readonly number[], share: number): number | undefined {
  const upper = sorted[Math.ceil(share * (sorted.length - 1))];
  return upper === Infinity ? Infinity : quantile(sorted, share);
}

function checked(distances: ArrayLike<number>): number[] {
  const all = Array.from(distances);
  if (all.length === 0) throw new AppError('BAD_DATA', 'There are no distances to judge.', 'Take at least one image.');
  const bad = all.findIndex((distance) => !(distance >= 0));
  if (bad >= 0) throw new AppError('BAD_DATA', `The distance of image ${bad} is ${all[bad]}; it must be at least 0.`);
  return all;
}
