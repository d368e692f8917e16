/** One panel: filled contours of a square grid of energies, isolines with labels, and a star at the real image. */
import { contours } from 'd3-contour';
import { batlow, inkOn } from './batlow';
import { type EnergyRange, fullRange } from './contour-range';
import { type Outline, type PanelPath, drawOutline, drawPath } from './contour-paths';
import { type LabelPlace, labelPlace } from './contour-labels';
import { brief } from './axes';
import type { Theme } from './theme';
import { clipped, el, num, textAt } from './xml';

/** Finer grids are thinned: no print shows more. */
const finest = 161;
const mostLabels = 5;

export interface EnergyGrid {
  readonly grid: Float32Array;
  readonly n: number;
}

/** What lies over the energies. */
export interface PanelMarks {
  /** Walks of attacks and samplers. */
  readonly paths?: readonly PanelPath[];
  /** The border of the ball round the image. */
  readonly ball?: Outline;
  /** Where the image lies, if not in the middle. */
  readonly star?: { readonly a: number; readonly b: number };
  /** Data points, a colour for each class. */
  readonly points?: readonly (Outline & { readonly colour: string })[];
}

/** Every k-th point of a grid where that leaves at most `finest` along an axis. */
export function thinGrid({ grid, n }: EnergyGrid, finest: number): EnergyGrid {
  const stride = Math.ceil((n - 1) / (finest - 1));
  if (stride <= 1 || (n - 1) % stride !== 0) return { grid, n };
  const m = (n - 1) / stride + 1;
  return {
    n: m,
    grid: Float32Array.from(
      { length: m * m },
      (_, i) => grid[Math.floor(i / m) * stride * n + (i % m) * stride] ?? NaN,
    ),
  };
}

type Rings = readonly (readonly (readonly number[])[])[];

const pathOf = (rings: Rings): string =>
  rings.map((ring) => `M${ring.map(([x = 0, y = 0]) => `${num(x)},${num(y)}`).join('L')}Z`).join('');

export const star = (x: number, y: number, radius: number): string =>
  el('path', {
    d: `M${Array.from({ length: 10 }, (_, i) => {
      const r = i % 2 === 0 ? radius : radius * 0.42;
      const angle = (i * Math.PI) / 5 - Math.PI / 2;
      return `${num(x + r * Math.cos(angle))},${num(y + r * Math.sin(angle))}`;
    }).join('L')}Z`,
    fill: '#0072b2',
    stroke: '#fff',
    'stroke-width': 1.6,
    'stroke-linejoin': 'round',
  });

type Isoline = { readonly value: number; readonly rings: Rings };

/** The energies of at most a few of the isolines that cross the panel, evenly chosen. */
function isolineLabels(
  isolines: readonly Isoline[],
  own: EnergyRange,
  size: number,
  bandColour: (band: number) => number,
): string[] {
  const crossing = isolines
    .map((isoline, band) => ({ ...isoline, band }))
    .filter(({ value }) => value > own.low && value < own.high);
  const every = Math.max(1, Math.ceil(crossing.length / mostLabels));
  const places: LabelPlace[] = [];
  return crossing.flatMap(({ value, rings, band }, i) => {
    const place = i % every === 0 ? labelPlace(rings, size, places) : undefined;
    if (!place) return [];
    places.push(place);
    const { ink, halo } = inkOn(bandColour(band + 0.5));
    return [textAt(place.x, place.y + 3.5, brief(value), { fill: ink, halo, size: 10, anchor: 'middle' })];
  });
}

/**
 * Drawn in a square of `size` pixels at (x, y); the second direction points up. `level` is an isoline to stress; dashes bound what
 * lies beyond the scale.
 */
export function contourPanel(
  energies: EnergyGrid & PanelMarks,
  thresholds: readonly number[],
  { low, high }: EnergyRange,
  { x, y, size, level, extent }: { x: number; y: number; size: number; level: number | undefined; extent: number },
  theme: Theme,
): string {
  const { grid, n } = thinGrid(energies, finest);
  const values = Array.from(grid);
  const make = contours().size([n, n]);
  const ringsAt = (level: number, of = values): Rings =>
    make
      .contour(of, level)
      .coordinates.flat()
      .map((ring) => ring.map(([i = 0, j = 0]) => [((i - 0.5) / (n - 1)) * size, size - ((j - 0.5) / (n - 1)) * size]));
  const place = (a: number, b: number) => [(size * (1 + a / extent)) / 2, (size * (1 - b / extent)) / 2] as const;
  const bandColour = (band: number) => (high > low ? (band + 0.5) / (thresholds.length + 1) : 0.5);
  const isolines = thresholds.map((value) => ({ value, rings: ringsAt(value) }));
  const broken = values.some((e) => !Number.isFinite(e))
    ? el('path', {
        d: pathOf(
          ringsAt(
            0.5,
            values.map((e) => (Number.isFinite(e) ? 0 : 1)),
          ),
        ),
        fill: theme.sunken,
        'fill-rule': 'evenodd',
      })
    : '';
  return (
    clipped(
      x,
      y,
      size,
      size,
      el('rect', { width: size, height: size, fill: batlow(bandColour(0)) }),
      ...isolines.map(({ rings }, band) =>
        el('path', {
          d: pathOf(rings),
          fill: batlow(bandColour(band + 1)),
          'fill-rule': 'evenodd',
          stroke: '#000000',
          'stroke-opacity': 0.28,
          'stroke-width': 0.7,
        }),
      ),
      ...[low, high].map((end) =>
        values.some((e) => e < low || e > high)
          ? el('path', {
              d: pathOf(ringsAt(end)),
              fill: 'none',
              stroke: end === low ? '#fff' : '#000',
              'stroke-width': 1.2,
              'stroke-dasharray': '3 2.5',
            })
          : '',
      ),
      level === undefined
        ? ''
        : el('path', { d: pathOf(ringsAt(level)), fill: 'none', stroke: '#fff', 'stroke-width': 2 }),
      ...isolineLabels(isolines, fullRange(grid) ?? { low, high }, size, bandColour),
      broken,
      energies.ball ? drawOutline(energies.ball, place) : '',
      ...(energies.points ?? []).flatMap(({ a, b, colour }) => {
        const spots = Array.from({ length: a.length }, (_, i) => place(a[i] ?? NaN, b[i] ?? NaN))
          .filter((point) => point.every(Number.isFinite))
          .map(([px, py]) => `M${num(px)},${num(py)}h0`);
        const dots = { d: spots.join(''), 'stroke-linecap': 'round' };
        return [
          el('path', { ...dots, stroke: '#fff', 'stroke-width': 5.6, 'stroke-opacity': 0.8 }),
          el('path', { ...dots, stroke: colour, 'stroke-width': 4.2 }),
        ];
      }),
      ...(energies.paths ?? []).map((path) => drawPath(path, place, size)),
      star(...place(energies.star?.a ?? 0, energies.star?.b ?? 0), 8),
    ) + el('rect', { x, y, width: size, height: size, fill: 'none', stroke: theme.lineStrong })
  );
}
