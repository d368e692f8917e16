/** A figure's data as CSV (RFC 4180): a header, one line for each row, text quoted where it must be. */
import type { ContourPanels } from './contour-panels';
import type { HistogramFigure } from './histogram';
import type { LineChart } from './line-chart';
import type { Quiver } from './quiver';

type Cell = number | string;
/** Named columns of one length. */
export type Columns = Readonly<Record<string, readonly Cell[]>>;

const written = (cell: Cell | undefined): string => {
  const text = String(cell ?? '');
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** Numbers are written in full, so that reading them back gives the same values; a column that is too short ends in empty cells. */
export function toCsv(columns: Columns): string {
  const names = Object.keys(columns);
  const rows = Math.max(0, ...names.map((name) => columns[name]?.length ?? 0));
  const lines = Array.from({ length: rows }, (_, i) => names.map((name) => written(columns[name]?.[i])));
  return [names.map(written), ...lines].map((line) => `${line.join(',')}\n`).join('');
}

export const lineColumns = ({ series, xLabel, yLabel }: LineChart): Columns => ({
  series: series.flatMap(({ label, x }) => Array.from(x, () => label)),
  [xLabel]: series.flatMap(({ x }) => Array.from(x)),
  [yLabel]: series.flatMap(({ y }) => Array.from(y)),
});

export const histogramColumns = ({ series, xLabel }: HistogramFigure): Columns => ({
  series: series.flatMap(({ label, values }) => Array.from(values, () => label)),
  [xLabel]: series.flatMap(({ values }) => Array.from(values)),
});

export const quiverColumns = ({ arrows }: Quiver): Columns => ({
  cleanMarginal: arrows.map(({ from }) => from.marginal),
  cleanJoint: arrows.map(({ from }) => from.joint),
  adversarialMarginal: arrows.map(({ to }) => to.marginal),
  adversarialJoint: arrows.map(({ to }) => to.joint),
});

/** Energies in nats at offsets (u, v) in the figure's unit. */
export function contourColumns({ panels, extent }: ContourPanels): Columns {
  const offset = (i: number, n: number) => ((2 * i) / (n - 1) - 1) * extent;
  return {
    model: panels.flatMap(({ title, grid }) => Array.from(grid, () => title)),
    u: panels.flatMap(({ grid, n }) => Array.from(grid, (_, i) => offset(i % n, n))),
    v: panels.flatMap(({ grid, n }) => Array.from(grid, (_, i) => offset(Math.floor(i / n), n))),
    energy: panels.flatMap(({ grid }) => Array.from(grid)),
  };
}
