/** How uPlot draws axes, grid and selection here; the curves are painted by paint.ts. */
import uPlot from 'uplot';
import { themes } from '../../../core/figures/theme';

export interface AxisLook {
  readonly theme: 'light' | 'dark';
  readonly log: boolean;
  /** x is seconds: ticks at whole minutes and hours. */
  readonly clock?: boolean;
  readonly formatX: (value: number) => string;
  readonly formatY: (value: number) => string;
}
interface Callbacks {
  readonly painted: (plot: uPlot) => void;
  /** A stretch of x was dragged over. */
  readonly selected: (from: number, to: number) => void;
  readonly reset: () => void;
}

const font = '11px "Inter Variable", Inter, system-ui, sans-serif';
const minute = 60;
const hour = 60 * minute;
const clockSteps = [
  ...[1, 2, 5, 10, 15, 30],
  ...[1, 2, 5, 10, 15, 30].map((step) => step * minute),
  ...[1, 2, 4, 6, 12, 24, 48, 96, 240].map((step) => step * hour),
];
/** The given range as it is: ranges are found before uPlot hears of them. */
const asGiven = (_: uPlot, low: number | null, high: number | null): uPlot.Range.MinMax => [low ?? 0, high ?? 1];

export function plotOptions(
  { theme, log, clock = false, formatX, formatY }: AxisLook,
  size: { width: number; height: number },
  { painted, selected, reset }: Callbacks,
): uPlot.Options {
  const { ink2, line, lineStrong } = themes[theme];
  const axis = {
    stroke: ink2,
    font,
    ticks: { stroke: lineStrong, width: 1, size: 4 },
    grid: { stroke: line, width: 1 },
  };
  const words = (format: (value: number) => string) => (_: uPlot, splits: (number | null)[]) =>
    splits.map((value) => (value === null ? '' : format(value)));
  return {
    ...size,
    padding: [8, 22, 0, 0],
    legend: { show: false },
    cursor: {
      x: false,
      y: false,
      points: { show: false },
      drag: { x: true, y: false, setScale: false },
      bind: { dblclick: () => () => (reset(), null) },
    },
    scales: {
      x: { time: false, auto: false, range: asGiven },
      y: { auto: false, range: asGiven, distr: log ? 3 : 1 },
    },
    axes: [
      { ...axis, size: 26, gap: 4, space: 72, values: words(formatX), ...(clock ? { incrs: clockSteps } : {}) },
      { ...axis, size: 58, gap: 4, space: 30, values: words(formatY) },
    ],
    series: [{}, { paths: () => null, points: { show: false } }],
    hooks: {
      drawSeries: [painted],
      setSelect: [
        (plot) => {
          const { left, width } = plot.select;
          if (width < 4) return;
          selected(plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x'));
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        },
      ],
    },
  };
}
