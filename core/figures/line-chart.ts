/** Curves over a common axis, some on a second scale at the right; gaps where a value is not finite. */
import { quantile } from 'd3-array';
import { type ScaleKind, domainOf, plot } from './axes';
import { type BandPoint, type Curve, drawCurve } from './curves';
import { type FigureSize, type FigureText, bodySize, emptyFigure, frame, widthWithin } from './frame';
import type { LegendItem } from './legend';
import { type ThemeName, coloursFor, themes } from './theme';
import { type Point, thinned, thinnedBand } from './thin';

export interface Series {
  readonly label: string;
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** Lowest and highest value at each x, as a pale band: what one value stands for where many were joined, or the spread over seeds. */
  readonly low?: ArrayLike<number>;
  readonly high?: ArrayLike<number>;
  readonly colour?: string;
  /** True, or a pattern of dashes and gaps in px. */
  readonly dashed?: boolean | string;
  /** Measured on the right axis. */
  readonly right?: boolean;
  /** A dot at every point. */
  readonly points?: boolean;
  /**
   * Pale, thin, below the others and not in the legend, as the raw values of a smoothed curve of the same label; its lowest and its
   * highest twentieth may leave the plot.
   */
  readonly faint?: boolean;
  /** What a run measured after the checkpoint from which it was resumed: dashed grey, one key for all such. */
  readonly superseded?: boolean;
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

const rank = ({ faint, superseded }: Series): number => (superseded ? 0 : faint ? 1 : 2);

export function lineChart(data: LineChart, theme: ThemeName, size: FigureSize = {}): string {
  const { series, xScale = 'linear', yScale = 'linear' } = data;
  const labels = [...new Set(series.filter(({ superseded }) => !superseded).map(({ label }) => label))];
  const colours = coloursFor(labels, theme);
  const drawable = (right: boolean | undefined) => (x: number, y: number) =>
    Number.isFinite(x) &&
    Number.isFinite(y) &&
    (xScale === 'linear' || x > 0) &&
    (right || yScale === 'linear' || y > 0);
  const curves = [...series]
    .sort((a, b) => rank(a) - rank(b))
    .map(({ x, y, low, high, dashed, ...each }): Curve & { label: string } => {
      const all = Array.from({ length: x.length }, (_, j): Point => [x[j] ?? NaN, y[j] ?? NaN]);
      const spread = low && high ? all.map(([a], j): BandPoint => [a, low[j] ?? NaN, high[j] ?? NaN]) : [];
      const at = thinned(all);
      return {
        ...each,
        dash: each.superseded ? '2 3' : dashed === true ? '5 4' : dashed || undefined,
        colour: each.superseded
          ? themes[theme].ink3
          : (each.colour ?? colours[labels.indexOf(each.label)] ?? themes[theme].ink),
        at,
        band: thinnedBand(spread),
        visible: at.filter(([a, b]) => drawable(each.right)(a, b)),
      };
    });
  const across = domainOf(
    curves.flatMap(({ visible }) => visible.map(([x]) => x)),
    xScale,
    0,
  );
  if (!across) return emptyFigure(data, widthWithin(size, 560), 'There is no finite value to draw.', theme);
  const heights = (right: boolean) =>
    curves
      .filter((each) => Boolean(each.right) === right)
      .flatMap(({ visible, faint, band }) => {
        const values = visible.map(([, y]) => y);
        const ends = band.flatMap(([, low, high]) => [low, high]);
        return faint ? [quantile(values, 0.05) ?? NaN, quantile(values, 0.95) ?? NaN] : [...values, ...ends];
      });
  const rightDomain = domainOf(heights(true));
  const yDomain = data.yDomain ?? domainOf(heights(false), yScale) ?? [0, 1];
  const named = curves.filter(({ faint, superseded }) => !faint && !superseded);
  const legend: LegendItem[] = named.map(({ label, colour, dash, right }) => ({
    label: right && data.rightLabel ? `${label} (right)` : label,
    colour,
    mark: 'line',
    dash,
  }));
  const old = curves.find(({ superseded }) => superseded);
  if (old) legend.push({ label: 'superseded', colour: old.colour, mark: 'line', dash: '2 3' });
  const { width, height } = bodySize(data, size, { legend });
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
      curves.map((curve) => drawCurve(curve, x, curve.right ? right : y, drawable(curve.right))).join(''),
  );
  const description = `Line chart of ${data.yLabel} against ${data.xLabel}: ${named.map(({ label }) => label).join(', ')}.`;
  return frame({ words: data, width, height, legend, description }, theme, body);
}
