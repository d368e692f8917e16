/** Curves over a common axis as an SVG draws them: scales, paths, and the values at a place. */
import { type ScaleLinear, scaleLinear } from 'd3-scale';

export interface CurveSeries {
  readonly id: string;
  readonly label: string;
  readonly colour: string;
  /** Dashes and gaps in px. */
  readonly dash?: string | undefined;
  /** By rising x; y in [0,1]. */
  readonly points: readonly (readonly [x: number, y: number])[];
}
export interface CurveBox {
  readonly width: number;
  readonly height: number;
}

export const margins = { top: 12, right: 16, bottom: 40, left: 52 } as const;

export interface CurveScales {
  readonly x: ScaleLinear<number, number>;
  readonly y: ScaleLinear<number, number>;
}

/** x from 0 to the largest value, and at least to `reach`; y from 0 to 1. */
export function scalesOf(series: readonly CurveSeries[], { width, height }: CurveBox, reach = 0): CurveScales {
  const largest = Math.max(reach, ...series.flatMap(({ points }) => points.map(([x]) => x)));
  return {
    x: scaleLinear([0, largest || 1], [margins.left, Math.max(margins.left + 1, width - margins.right)]),
    y: scaleLinear([0, 1], [Math.max(margins.top + 1, height - margins.bottom), margins.top]),
  };
}

export const pathOf = ({ points }: CurveSeries, { x, y }: CurveScales): string =>
  points.map(([a, b], i) => `${i === 0 ? 'M' : 'L'}${x(a).toFixed(1)} ${y(b).toFixed(1)}`).join('');

/** Every x at which something was measured, rising. */
export const placesOf = (series: readonly CurveSeries[]): number[] =>
  [...new Set(series.flatMap(({ points }) => points.map(([x]) => x)))].sort((a, b) => a - b);

/** The index of the place nearest to x; -1 where there is none. */
export function nearestPlace(places: readonly number[], x: number): number {
  return places.reduce((best, place, i) => {
    const far = best < 0 ? Infinity : Math.abs((places[best] ?? Infinity) - x);
    return Math.abs(place - x) < far ? i : best;
  }, -1);
}

/** What was measured at exactly this place. */
export const valueAt = (points: CurveSeries['points'], place: number | undefined): number | undefined =>
  points.find(([x]) => x === place)?.[1];
