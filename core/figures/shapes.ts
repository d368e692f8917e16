/** What the data of each figure must look like when it comes from a file: lists become arrays of numbers, null a value that is not finite. */
import * as v from 'valibot';
import type { AttackMatrix } from './attack-matrix';
import type { ClassHistogram } from './class-histogram';
import type { ContourPanels } from './contour-panels';
import type { Descent } from './descent';
import type { Filmstrip } from './filmstrip';
import type { HistogramFigure } from './histogram';
import type { ImageGrid } from './image-grid';
import type { LineChart } from './line-chart';
import type { Quiver } from './quiver';
import type { Reliability } from './reliability';
import type { RobustnessCurve } from './robustness-curve';
import type { Surface3d } from './surface-3d';

/** Checks foreign data and makes of it what a figure draws. */
export type Shape<T> = v.GenericSchema<unknown, T>;

const text = v.pipe(v.string(), v.maxLength(20_000));
const number = v.pipe(
  v.nullable(v.number()),
  v.transform((value) => value ?? NaN),
);
const whole = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1e6));
const listed = v.array(v.nullable(v.number()));
const doubles = v.pipe(
  listed,
  v.transform((values) => Float64Array.from(values, (value) => value ?? NaN)),
);
const singles = v.pipe(
  listed,
  v.transform((values) => Float32Array.from(values, (value) => value ?? NaN)),
);
const hex = v.pipe(v.string(), v.regex(/^#[0-9a-f]{6}$/i, 'Invalid colour: Expected #rrggbb'));

const words = {
  title: text,
  subtitle: v.exactOptional(text),
  caption: v.exactOptional(text),
  provenance: v.exactOptional(v.record(text, text)),
};
const scaleKind = v.exactOptional(v.picklist(['linear', 'log']));
const flag = v.exactOptional(v.boolean());
const method = v.exactOptional(text);
const side = v.pipe(whole, v.minValue(1), v.maxValue(4096));
const shape = v.strictTuple([side, side, v.picklist([1, 3])]);

const plane = {
  ...words,
  panels: v.array(
    v.strictObject({
      title: text,
      method,
      subtitle: v.exactOptional(text),
      grid: singles,
      n: whole,
      paths: v.exactOptional(v.array(v.strictObject({ label: text, a: doubles, b: doubles }))),
      ball: v.exactOptional(v.strictObject({ a: doubles, b: doubles })),
      star: v.exactOptional(v.strictObject({ a: v.number(), b: v.number() })),
      points: v.exactOptional(v.array(v.strictObject({ a: doubles, b: doubles, colour: hex }))),
    }),
  ),
  extent: v.pipe(v.number(), v.finite(), v.minValue(1e-12)),
  unit: text,
  shared: v.boolean(),
  quantity: v.exactOptional(text),
};

export const contourShape: Shape<ContourPanels> = v.strictObject({ ...plane, level: v.exactOptional(v.number()) });

const degrees = v.pipe(v.number(), v.finite());
export const surfaceShape: Shape<Surface3d> = v.strictObject({ ...plane, azimuth: degrees, elevation: degrees });

export const histogramShape: Shape<HistogramFigure> = v.strictObject({
  ...words,
  xLabel: text,
  yLabel: v.exactOptional(text),
  series: v.array(v.strictObject({ label: text, values: doubles, colour: v.exactOptional(hex) })),
  bins: v.exactOptional(v.pipe(whole, v.minValue(1), v.maxValue(1000))),
});

export const lineShape: Shape<LineChart> = v.strictObject({
  ...words,
  xLabel: text,
  yLabel: text,
  rightLabel: v.exactOptional(text),
  series: v.array(
    v.strictObject({
      label: text,
      x: doubles,
      y: doubles,
      low: v.exactOptional(doubles),
      high: v.exactOptional(doubles),
      colour: v.exactOptional(hex),
      dashed: v.exactOptional(v.union([v.boolean(), v.pipe(v.string(), v.regex(/^[\d. ]{1,40}$/))])),
      right: flag,
      points: flag,
      faint: flag,
      superseded: flag,
    }),
  ),
  xScale: scaleKind,
  yScale: scaleKind,
  yDomain: v.exactOptional(v.strictTuple([v.number(), v.number()])),
});

export const robustnessShape: Shape<RobustnessCurve> = v.strictObject({
  ...words,
  series: v.array(v.strictObject({ model: text, method, attack: text, eps: doubles, accuracy: doubles })),
  unit: text,
  clean: v.record(text, number),
});

export const matrixShape: Shape<AttackMatrix> = v.strictObject({
  ...words,
  models: v.array(v.strictObject({ title: text, method })),
  attacks: v.array(v.strictObject({ title: text, detail: v.exactOptional(text) })),
  accuracy: doubles,
});

const unit = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
export const reliabilityShape: Shape<Reliability> = v.strictObject({
  ...words,
  panels: v.array(
    v.strictObject({
      title: text,
      bins: v.array(v.strictObject({ from: unit, to: unit, count: whole, accuracy: number, confidence: number })),
    }),
  ),
});

const point = v.strictObject({ joint: number, marginal: number });
export const quiverShape: Shape<Quiver> = v.strictObject({
  ...words,
  arrows: v.array(v.strictObject({ from: point, to: point })),
});

export const classShape: Shape<ClassHistogram> = v.strictObject({
  ...words,
  classes: v.array(text),
  series: v.array(v.strictObject({ label: text, counts: doubles })),
  xLabel: text,
});

export const imageShape: Shape<ImageGrid> = v.strictObject({
  ...words,
  images: singles,
  shape,
  rows: v.array(text),
  columns: v.array(text),
});

export const filmShape: Shape<Filmstrip> = v.strictObject({
  ...words,
  images: singles,
  shape,
  steps: doubles,
  energies: v.exactOptional(doubles),
  quantity: v.exactOptional(text),
});

export const descentShape: Shape<Descent> = v.strictObject({
  ...words,
  models: v.array(
    v.strictObject({
      label: text,
      method,
      subtitle: v.exactOptional(text),
      frames: v.array(v.strictObject({ step: v.number(), images: singles })),
    }),
  ),
  shape,
  classes: v.array(text),
  rows: v.picklist(['classes', 'steps']),
});
