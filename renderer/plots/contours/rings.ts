/** Filled contours of a grid as paths for a canvas, made once for a grid and a scale; drawn again and again while the pointer moves. */
import { contours } from 'd3-contour';
import { brief } from '../../../core/figures/axes';
import { batlow, inkOn } from '../../../core/figures/batlow';
import { type LabelPlace, labelPlace } from '../../../core/figures/contour-labels';
import { type EnergyRange, fullRange } from '../../../core/figures/contour-range';

type Rings = readonly (readonly (readonly number[])[])[];

export interface Band {
  readonly path: Path2D;
  readonly fill: string;
}
export interface RingLabel extends LabelPlace {
  readonly text: string;
  readonly ink: string;
  readonly halo: string;
}
export interface Contours {
  readonly ground: string;
  readonly bands: readonly Band[];
  readonly labels: readonly RingLabel[];
  /** Where energies leave the scale, by end. */
  readonly ends: readonly { readonly path: Path2D; readonly low: boolean }[];
  /** Where there is no finite energy. */
  readonly broken: Path2D | undefined;
}

const mostLabels = 5;

/** In a square of `side` CSS pixels, the second direction up: the same bands, lines and labels as the figure that is exported. */
export function contoursOf(
  grid: Float32Array,
  n: number,
  thresholds: readonly number[],
  { low, high }: EnergyRange,
  side: number,
): Contours {
  const values = Array.from(grid);
  const make = contours().size([n, n]);
  const ringsAt = (level: number, of = values): Rings =>
    make
      .contour(of, level)
      .coordinates.flat()
      .map((ring) => ring.map(([i = 0, j = 0]) => [((i - 0.5) / (n - 1)) * side, side - ((j - 0.5) / (n - 1)) * side]));
  const colour = (band: number) => (high > low ? (band + 0.5) / (thresholds.length + 1) : 0.5);
  const lines = thresholds.map((value, band) => ({ value, band, rings: ringsAt(value) }));
  const own = fullRange(grid) ?? { low, high };
  const crossing = lines.filter(({ value }) => value > own.low && value < own.high);
  const every = Math.max(1, Math.ceil(crossing.length / mostLabels));
  const labels: RingLabel[] = [];
  crossing.forEach(({ value, band, rings }, i) => {
    const place = i % every === 0 ? labelPlace(rings, side, labels) : undefined;
    if (place) labels.push({ ...place, text: brief(value), ...inkOn(colour(band + 0.5)) });
  });
  const isBroken = values.some((value) => !Number.isFinite(value));
  return {
    ground: batlow(colour(0)),
    bands: lines.map(({ rings, band }) => ({ path: pathOf(rings), fill: batlow(colour(band + 1)) })),
    labels,
    ends: [low, high].flatMap((end) =>
      values.some((value) => (end === low ? value < low : value > high))
        ? [{ path: pathOf(ringsAt(end)), low: end === low }]
        : [],
    ),
    broken: isBroken
      ? pathOf(
          ringsAt(
            0.5,
            values.map((value) => (Number.isFinite(value) ? 0 : 1)),
          ),
        )
      : undefined,
  };
}

function pathOf(rings: Rings): Path2D {
  const path = new Path2D();
  for (const ring of rings) {
    ring.forEach(([x = 0, y = 0], i) => (i === 0 ? path.moveTo(x, y) : path.lineTo(x, y)));
    path.closePath();
  }
  return path;
}
