/** A live chart as the figure that is exported: the same curves over the same range, raw and smoothed, and its data as a table. */
import type { LineChart, Series } from '../../../core/figures/line-chart';
import { lowerBound } from './column';
import type { Curve, Range, Stretch } from './curve';
import { type HeightOptions, heightRange } from './range';
import { type Reduced, reduced } from './reduce';

/** Points of an exported curve; more no paper shows. */
const columns = 800;

export interface ChartWords {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
}

export function chartFigure(
  words: ChartWords,
  curves: readonly Curve[],
  range: Range,
  { span, ...height }: HeightOptions & { span: number },
): LineChart {
  const seen = curves.map((curve) => reduced(curve, range, columns, curve.points ? 1 : span));
  const yDomain = heightRange(seen, height);
  return {
    ...words,
    series: curves.flatMap((curve) => seriesOf(curve, range, span)),
    ...(yDomain ? { yDomain } : {}),
    ...(height.log ? { yScale: 'log' as const } : {}),
  };
}

function seriesOf(curve: Curve, range: Range, span: number): Series[] {
  const { label, colour, dash, points } = curve;
  const look = { label, colour, ...(dash?.length ? { dashed: dash.join(' ') } : {}) };
  const smooth = span > 1 && !points;
  const main = reduced(curve, range, columns, smooth ? span : 1);
  const { x, low, high, course, joined } = clipped(main, range);
  const old = curve.superseded.flatMap((part): Series[] => {
    const { x: at, course: y } = clipped(reduced(part, range, columns, 1), range);
    return at.length > 0 ? [{ label, x: at, y, superseded: true }] : [];
  });
  return [
    ...old,
    ...(smooth && !joined ? [{ ...look, x, y: low, faint: true }] : []),
    { ...look, x, y: course, ...(joined ? { low, high } : {}), ...(points ? { points: true } : {}) },
  ];
}

/** Without the points that lie outside, which a screen needs to draw lines to its edges. */
function clipped(found: Reduced, [from, to]: Range) {
  const [first, last] = [lowerBound(found.x, from), lowerBound(found.x, to + Number.EPSILON * Math.abs(to))];
  const end = found.x[last] === to ? last + 1 : last;
  // plain lists: what a figure takes from a file too
  const part = (values: Float64Array) => Array.from(values.subarray(first, end));
  return { ...found, x: part(found.x), low: part(found.low), high: part(found.high), course: part(found.course) };
}

/** Every point in the range as CSV: curve, x, y; superseded ones marked. */
export function chartTable({ xLabel, yLabel }: ChartWords, curves: readonly Curve[], [from, to]: Range): string {
  const quoted = (text: string) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const rows = (label: string, { x, y }: Stretch, state: string) => {
    const [xs, ys] = [x.values, y.values.values];
    const found: string[] = [];
    for (let i = lowerBound(xs, from); i < xs.length && (xs[i] ?? NaN) <= to; i++)
      if (Number.isFinite(ys[i] ?? NaN)) found.push(`${label},${xs[i]},${ys[i]},${state}\n`);
    return found.join('');
  };
  return [
    `curve,${quoted(xLabel)},${quoted(yLabel)},superseded\n`,
    ...curves.flatMap((curve) => [
      rows(quoted(curve.label), curve, 'no'),
      ...curve.superseded.map((part) => rows(quoted(curve.label), part, 'yes')),
    ]),
  ].join('');
}
