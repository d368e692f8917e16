/** The data of figures as tables, units in the header: what the picture shows, in numbers. */
import type { ImageShape } from '../data/dataset';
import { csvTable } from '../lib/csv';
import { histogram } from '../metrics/energies';
import type { AttackMatrix } from './attack-matrix';
import type { ClassHistogram } from './class-histogram';
import { type ContourPanels, usualQuantity } from './contour-panels';
import type { Descent } from './descent';
import type { Filmstrip } from './filmstrip';
import type { HistogramFigure } from './histogram';
import type { ImageGrid } from './image-grid';
import type { LineChart } from './line-chart';
import type { Quiver } from './quiver';
import type { Reliability } from './reliability';
import { type RobustnessCurve, robustnessPoints } from './robustness-curve';

/** Nothing for what is not finite; values of float32 without digits that they do not have. */
const cell = (value: number | undefined, single = false): number | undefined =>
  value === undefined || !Number.isFinite(value) ? undefined : single ? Number(value.toPrecision(9)) : value;

type PlaneData = Pick<ContourPanels, 'panels' | 'extent' | 'unit' | 'quantity'>;

/** A row for each point of each plane, then one for each step of each walk, without an energy. */
export function contourTable({ panels, extent, unit, quantity = usualQuantity }: PlaneData): string {
  const offset = (i: number, n: number) => cell(extent * ((2 * i) / (n - 1) - 1));
  const rows = panels.flatMap(({ title, grid, n, paths = [] }) => [
    ...Array.from(grid, (e, i) => [title, '', offset(i % n, n), offset(Math.floor(i / n), n), cell(e, true)]),
    ...paths.flatMap(({ label, a, b }, k) =>
      Array.from({ length: a.length }, (_, i) => [title, label || `walk ${k + 1}`, cell(a[i]), cell(b[i]), undefined]),
    ),
  ]);
  return csvTable(
    ['panel', 'walk', `offset along u (${unit})`, `offset along v (${unit})`, `${quantity} (nats)`],
    rows,
  );
}

/** A row for each bin, a column for each series. */
export function histogramTable({ xLabel, yLabel = 'images', series, bins = 60 }: HistogramFigure): string {
  const { edges, counts } = histogram(Object.fromEntries(series.map(({ values }, i) => [`${i}`, values])), bins);
  return csvTable(
    [`from (${xLabel})`, `to (${xLabel})`, ...series.map(({ label }) => `${label} (${yLabel})`)],
    edges.slice(1).map((to, i) => [edges[i], to, ...series.map((_, k) => counts[`${k}`]?.[i])]),
  );
}

/** A row for each point of each curve, its value under the axis that it is read on. */
export function lineTable({ series, xLabel, yLabel, rightLabel }: LineChart): string {
  const [right, band] = [series.some((each) => each.right), series.some(({ low, high }) => low && high)];
  const old = series.some(({ superseded }) => superseded);
  const rows = series.flatMap((each) =>
    Array.from({ length: each.x.length }, (_, i) => {
      const y = cell(each.y[i]);
      return [
        each.label,
        ...(old ? [each.superseded ?? false] : []),
        cell(each.x[i]),
        each.right ? undefined : y,
        ...(right ? [each.right ? y : undefined] : []),
        ...(band ? [cell(each.low?.[i]), cell(each.high?.[i])] : []),
      ];
    }),
  );
  const columns = [
    'series',
    ...(old ? ['superseded'] : []),
    xLabel,
    yLabel,
    ...(right ? [rightLabel ?? 'right axis'] : []),
    ...(band ? ['lowest', 'highest'] : []),
  ];
  return csvTable(columns, rows);
}

export const robustnessTable = ({ series, unit, clean }: RobustnessCurve): string =>
  csvTable(
    ['model', 'attack', `eps (${unit})`, 'accuracy'],
    series.flatMap((each) =>
      robustnessPoints(each, clean).map(([eps, accuracy]) => [each.model, each.attack, cell(eps), cell(accuracy)]),
    ),
  );

export const matrixTable = ({ models, attacks, accuracy }: AttackMatrix): string =>
  csvTable(
    ['model', ...attacks.map(({ title, detail }) => `${[title, detail].filter(Boolean).join(' ')} (accuracy)`)],
    models.map(({ title }, i) => [title, ...attacks.map((_, j) => cell(accuracy[i * attacks.length + j]))]),
  );

/** A row for each bin of each panel. */
export const reliabilityTable = ({ panels }: Reliability): string =>
  csvTable(
    ['panel', 'confidence from', 'confidence to', 'images', 'accuracy', 'mean confidence'],
    panels.flatMap(({ title, bins }) =>
      bins.map(({ from, to, count, accuracy, confidence }) => [
        title,
        ...[from, to, count, accuracy, confidence].map((value) => cell(value)),
      ]),
    ),
  );

export const quiverTable = ({ arrows }: Quiver): string =>
  csvTable(
    ['clean E(x) (nats)', 'clean E(x,y) (nats)', 'adversarial E(x) (nats)', 'adversarial E(x,y) (nats)'],
    arrows.map(({ from, to }) => [from.marginal, from.joint, to.marginal, to.joint].map((e) => cell(e))),
  );

export const classTable = ({ classes, series, xLabel }: ClassHistogram): string =>
  csvTable(
    ['class', ...series.map(({ label }) => `${label} (${xLabel})`)],
    classes.map((name, i) => [name, ...series.map(({ counts }) => cell(counts[i]))]),
  );

const pixelNames = ([h, w, c]: ImageShape): string[] =>
  Array.from({ length: h * w * c }, (_, i) =>
    [`pixel ${Math.floor(i / (w * c))} ${Math.floor(i / c) % w}`, ...(c > 1 ? [`channel ${i % c}`] : [])].join(' '),
  ).map((name) => `${name} (0 to 1)`);

const pixelsOf = (images: Float32Array, i: number, [h, w, c]: ImageShape): (number | undefined)[] =>
  Array.from(images.subarray(i * h * w * c, (i + 1) * h * w * c), (value) => cell(value, true));

/** A row for each image, a column for each of its values. */
export const imageTable = ({ images, shape, rows, columns }: ImageGrid): string =>
  csvTable(
    ['row', 'column', ...pixelNames(shape)],
    rows.flatMap((row, i) =>
      columns.map((column, j) => [row, column, ...pixelsOf(images, i * columns.length + j, shape)]),
    ),
  );

export const descentTable = ({ models, classes, shape }: Descent): string =>
  csvTable(
    ['model', 'step', 'class', ...pixelNames(shape)],
    models.flatMap(({ label, frames }) =>
      frames.flatMap(({ step, images }) =>
        classes.map((name, i) => [label, step, name, ...pixelsOf(images, i, shape)]),
      ),
    ),
  );

export const filmTable = ({ images, shape, steps, energies, quantity = 'E(x)' }: Filmstrip): string =>
  csvTable(
    ['step', `${quantity} (nats)`, ...pixelNames(shape)],
    Array.from(steps, (step, i) => [cell(step), cell(energies?.[i]), ...pixelsOf(images, i, shape)]),
  );
