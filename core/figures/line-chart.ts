/** Curves over a common axis, some on a second scale at the right; gaps where a value is not finite. */
import { quantile } from 'd3-array';
import { line } from 'd3-shape';
import { type Scale, type ScaleKind, domainOf, plot } from './axes';
import { type FigureText, emptyFigure, frame } from './frame';
import type { LegendItem } from './legend';
import { type ThemeName, coloursFor, themes } from './theme';
import { thinned } from './thin';
import { el } from './xml';

export interface Series {
  readonly label: string;
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  readonly colour?: string;
  readonly dashed?: boolean;
  /** Measured on the right axis. */
  readonly right?: boolean;
  /** A dot at every point. */
  readonly points?: boolean;
  /**
   * Pale, thin, below the others and not in the legend, as the raw values of a smoothed curve of the same label; its lowest and its
   * highest twentieth may leave the plot.
   */
  readonly faint?: boolean;
}

export interface LineChart extends FigureText {
  readonly xLabel: string;
  readonly yLabel: string;
  readonly rightLabel?: string;
  readonly series: readonly Series[];
  readonly xScale?: ScaleKind;
  readonly yScale?: ScaleKind;
  /** Fixes the left axis, as [0, 1] for an accuracy. */
  readonly yDomain?: readonly [number, number];
}

const width = 560;
const height = 280;

type Point = readonly [number, number];

export function lineChart(data: LineChart, theme: ThemeName): string {
  const { series, xScale = 'linear', yScale = 'linear' } = data;
  const labels = [...new Set(series.map(({ label }) => label))];
  const colours = coloursFor(labels, theme);
  const drawable = ([x, y]: Point, right: boolean | undefined) =>
    Number.isFinite(x) &&
    Number.isFinite(y) &&
    (xScale === 'linear' || x > 0) &&
    (right || yScale === 'linear' || y > 0);
  const order = [...series.filter(({ faint }) => faint), ...series.filter(({ faint }) => !faint)];
  const curves = order.map((each) => {
    const all = Array.from({ length: each.x.length }, (_, j): Point => [each.x[j] ?? NaN, each.y[j] ?? NaN]);
    const at = thinned(all);
    return {
      ...each,
      colour: each.colour ?? colours[labels.indexOf(each.label)] ?? themes[theme].ink,
      at,
      visible: at.filter((point) => drawable(point, each.right)),
    };
  });
  const across = domainOf(
    curves.flatMap(({ visible }) => visible.map(([x]) => x)),
    xScale,
    0,
  );
  if (!across) return emptyFigure(data, width, 'There is no finite value to draw.', theme);
  const heights = (right: boolean) =>
    curves
      .filter((each) => Boolean(each.right) === right)
      .flatMap(({ visible, faint }) => {
        const values = visible.map(([, y]) => y);
        return faint ? [quantile(values, 0.05) ?? NaN, quantile(values, 0.95) ?? NaN] : values;
      });
  const rightDomain = domainOf(heights(true));
  const yDomain = data.yDomain ?? domainOf(heights(false), yScale) ?? [0, 1];
  const named = curves.filter(({ faint }) => !faint);
  const legend = named.map(({ label, colour, dashed, right }): LegendItem => ({
    label: right && data.rightLabel ? `${label} (right)` : label,
    colour,
    mark: dashed ? 'dashed' : 'line',
  }));
  const body = plot(
    {
      x: { label: data.xLabel, domain: across, kind: xScale, exact: true },
      y: { label: data.yLabel, domain: yDomain, kind: yScale, exact: data.yDomain !== undefined },
      ...(rightDomain ? { right: { label: data.rightLabel ?? '', domain: rightDomain } } : {}),
      width,
      height,
    },
    themes[theme],
    (x, y, right) =>
      curves
        .map((curve) => {
          const up: Scale = curve.right ? right : y;
          const path = line<Point>(
            ([a]) => x(a),
            ([, b]) => up(b),
          )
            .defined((point) => drawable(point, curve.right))
            .digits(1)([...curve.at]);
          const dots = curve.points === true || curve.visible.length === 1 ? curve.visible : [];
          return (
            el('path', {
              d: path ?? '',
              fill: 'none',
              stroke: curve.colour,
              'stroke-width': curve.faint ? 1 : 1.8,
              'stroke-opacity': curve.faint ? 0.3 : undefined,
              'stroke-linejoin': 'round',
              'stroke-dasharray': curve.dashed ? '5 4' : undefined,
            }) + dots.map(([a, b]) => el('circle', { cx: x(a), cy: up(b), r: 3, fill: curve.colour })).join('')
          );
        })
        .join(''),
  );
  const description = `Line chart of ${data.yLabel} against ${data.xLabel}: ${named.map(({ label }) => label).join(', ')}.`;
  return frame({ words: data, width, height, legend, description }, theme, body);
}
