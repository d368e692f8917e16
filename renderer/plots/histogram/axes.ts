/** Scales and ticks of a small interactive plot, chosen as the exported figures choose theirs. */
import { type Scale, scaleOf, ticksOf } from '../../../core/figures/axes';
import { textWidth } from '../../../core/figures/text-width';

export interface Tick {
  readonly at: number;
  readonly text: string;
}
export interface PlotAxes {
  readonly x: Scale;
  readonly y: Scale;
  readonly xTicks: readonly Tick[];
  readonly yTicks: readonly Tick[];
  /** Of the plot inside its axes. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

const top = 8;
const bottom = 40;

export function plotAxes(
  x: readonly [number, number],
  y: readonly [number, number],
  size: { readonly width: number; readonly height: number },
): PlotAxes {
  const height = Math.max(40, size.height - top - bottom);
  const rows = Math.max(2, Math.min(6, Math.floor(height / 36)));
  const yScale = scaleOf({ label: '', domain: y }, [height, 0], rows);
  const written = ticksOf(yScale, rows);
  const left = 34 + Math.max(0, ...written.map(({ text }) => textWidth(text, 11)));
  const width = Math.max(40, size.width - left - 14);
  const columns = Math.max(2, Math.min(9, Math.floor(width / 64)));
  const xScale = scaleOf({ label: '', domain: x }, [0, width], columns);
  return {
    x: xScale,
    y: yScale,
    xTicks: ticksOf(xScale, columns).map(({ value, text }) => ({ at: xScale(value), text })),
    yTicks: written.map(({ value, text }) => ({ at: yScale(value), text })),
    left,
    top,
    width,
    height,
  };
}
