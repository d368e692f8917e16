/** The curves of a line chart in its scales' coordinates: bands, lines with gaps where a value is not finite, dots. */
import { area, line } from 'd3-shape';
import type { Scale } from './axes';
import type { Point } from './thin';
import { el } from './xml';

export type BandPoint = readonly [x: number, low: number, high: number];

export interface Curve {
  readonly colour: string;
  readonly at: readonly Point[];
  readonly band: readonly BandPoint[];
  /** The points that the scales can show. */
  readonly visible: readonly Point[];
  readonly dash: string | undefined;
  readonly right?: boolean | undefined;
  readonly points?: boolean | undefined;
  readonly faint?: boolean | undefined;
  readonly superseded?: boolean | undefined;
}

/** `drawable` says which points the scales can show. */
export function drawCurve(curve: Curve, x: Scale, up: Scale, drawable: (x: number, y: number) => boolean): string {
  const { colour, faint, superseded, visible } = curve;
  const path = line<Point>(
    ([a]) => x(a),
    ([, b]) => up(b),
  )
    .defined(([a, b]) => drawable(a, b))
    .digits(1)([...curve.at]);
  const between = area<BandPoint>()
    .x(([a]) => x(a))
    .y0(([, low]) => up(low))
    .y1(([, , high]) => up(high))
    .defined(([a, low, high]) => drawable(a, low) && drawable(a, high))
    .digits(1)([...curve.band]);
  const dots = curve.points === true || visible.length === 1 ? visible : [];
  return [
    between ? el('path', { d: between, fill: colour, 'fill-opacity': 0.18 }) : '',
    el('path', {
      d: path ?? '',
      fill: 'none',
      stroke: colour,
      'stroke-width': faint ? 1 : superseded ? 1.2 : 1.8,
      'stroke-opacity': faint ? 0.3 : undefined,
      'stroke-linejoin': 'round',
      'stroke-dasharray': curve.dash,
    }),
    ...dots.map(([a, b]) => el('circle', { cx: x(a), cy: up(b), r: superseded ? 2 : 3, fill: colour })),
  ].join('');
}
