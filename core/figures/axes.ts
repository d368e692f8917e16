/** Scales from data, ticks a reader can take in, and the axes of a plot. */
import { type ScaleContinuousNumeric, scaleLinear, scaleLog } from 'd3-scale';
import { fit, textWidth } from './text-width';
import type { Theme } from './theme';
import { at, clipped, el, textAt } from './xml';

export type Scale = ScaleContinuousNumeric<number, number>;
export type ScaleKind = 'linear' | 'log';

export interface Axis {
  /** What it measures, with the unit. */
  readonly label: string;
  readonly domain: readonly [number, number];
  readonly kind?: ScaleKind;
  /** Ends at the domain itself rather than at round numbers. */
  readonly exact?: boolean;
}

/** The range of the values that the scale can show, widened by `margin` of itself (a single value in any case); undefined when there are none. */
export function domainOf(
  values: Iterable<number>,
  kind: ScaleKind = 'linear',
  margin = 0.03,
): [number, number] | undefined {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (!Number.isFinite(value) || (kind === 'log' && value <= 0)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return undefined;
  if (kind === 'log') return low === high ? [low / 2, high * 2] : [low, high];
  const pad = high > low ? (high - low) * margin : Math.abs(low) * 0.1 || 1;
  return [low - pad, high + pad];
}

export function scaleOf({ domain, kind, exact }: Axis, range: [number, number], ticks: number): Scale {
  const scale = kind === 'log' ? scaleLog() : scaleLinear();
  const made: Scale = scale.domain(domain).range(range);
  return exact ? made : made.nice(ticks);
}

const most = 8;
/** At most `count` or so ticks, written out; on a log scale only powers of ten where there are many. */
export function ticksOf(scale: Scale, count: number): { value: number; text: string }[] {
  // left to itself, a log scale writes 100m and 1k
  const format = 'base' in scale ? scale.tickFormat(count, ',') : scale.tickFormat(count);
  const all = scale.ticks(count);
  const written = all.map((value) => ({ value, text: format(value).replaceAll(',', '\u00a0') }));
  const shown = written.filter(({ text }) => text !== '');
  return shown.length > most + 3 ? shown.filter((_, i) => i % Math.ceil(shown.length / most) === 0) : shown;
}

/** Thousands apart by a space that does not break. */
const grouped = (digits: string): string => digits.replace(/\B(?=(\d{3})+$)/g, '\u00a0');

/** A number for words and labels: three significant digits, a true minus. */
export const brief = (value: number): string =>
  Number.isFinite(value)
    ? (Math.abs(value) >= 1000 && Math.abs(value) < 1e15
        ? grouped(value.toFixed(0))
        : String(Number(value.toPrecision(3)))
      ).replace('-', '\u2212')
    : 'not finite';

export interface PlotPlan {
  readonly x: Axis;
  readonly y: Axis;
  readonly right?: Axis;
  readonly width: number;
  /** Of the plot with its axes. */
  readonly height: number;
}

/** How far what is drawn may reach over the plot's edge, so that a point on it is whole. */
const dot = 4;

/** Axes with their labels round what `draw` draws in the scales' coordinates, clipped to the plot. */
export function plot(
  { x, y, right, width, height }: PlotPlan,
  theme: Theme,
  draw: (x: Scale, y: Scale, right: Scale, size: { width: number; height: number }) => string,
): string {
  const plotHeight = height - 44;
  const rows = Math.max(2, Math.min(6, Math.floor(plotHeight / 36)));
  const yScale = scaleOf(y, [plotHeight, 0], rows);
  const rightScale = right ? scaleOf(right, [plotHeight, 0], rows) : yScale;
  const yTicks = ticksOf(yScale, rows);
  const rightTicks = right ? ticksOf(rightScale, rows) : [];
  const widest = (ticks: { text: string }[]) => Math.max(0, ...ticks.map(({ text }) => textWidth(text, 11)));
  const left = 16 + 16 + widest(yTicks) + 8;
  const plotWidth = width - left - (right ? 16 + 16 + widest(rightTicks) + 8 : 24);
  const columns = Math.max(2, Math.min(9, Math.floor(plotWidth / 72)));
  const xScale = scaleOf(x, [0, plotWidth], columns);
  const ink = { fill: theme.ink2 };
  const grid = yTicks.map(({ value, text }) => {
    const level = yScale(value);
    return (
      el('path', { d: `M${left} ${level.toFixed(2)}h${plotWidth.toFixed(2)}`, stroke: theme.line }) +
      textAt(left - 8, level + 4, text, { ...ink, anchor: 'end' })
    );
  });
  const below = ticksOf(xScale, columns).map(({ value, text }) => {
    const place = left + xScale(value);
    return (
      el('path', { d: `M${place.toFixed(2)} ${plotHeight}v4`, stroke: theme.lineStrong }) +
      textAt(place, plotHeight + 17, text, { ...ink, anchor: 'middle' })
    );
  });
  const beside = rightTicks.map(({ value, text }) =>
    textAt(left + plotWidth + 8, rightScale(value) + 4, text, { ...ink, anchor: 'start' }),
  );
  const drawn = draw(xScale, yScale, rightScale, { width: plotWidth, height: plotHeight });
  const title = (place: number, label: string, rotate: number) =>
    textAt(place, plotHeight / 2, fit(label, 11.5, plotHeight), { ...ink, size: 11.5, anchor: 'middle', rotate });
  return [
    ...grid,
    ...below,
    ...beside,
    clipped(left - dot, -dot, plotWidth + 2 * dot, plotHeight + 2 * dot, at(dot, dot, drawn)),
    el('path', { d: `M${left.toFixed(2)} ${plotHeight}h${plotWidth.toFixed(2)}`, stroke: theme.lineStrong }),
    title(16 + 9, y.label, -90),
    right ? title(width - 16 - 4, right.label, 90) : '',
    textAt(left + plotWidth / 2, plotHeight + 36, fit(x.label, 11.5, plotWidth), {
      ...ink,
      size: 11.5,
      anchor: 'middle',
    }),
  ].join('');
}
