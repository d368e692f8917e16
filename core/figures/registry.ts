/** Every figure: how it is drawn, its data as a table, what data from a file must look like, and data to try it on. */
import { Registry } from '../lib/registry';
import { type AttackMatrix, attackMatrix } from './attack-matrix';
import { type ClassHistogram, classHistogram } from './class-histogram';
import { type ContourPanels, contourPanels } from './contour-panels';
import { type Descent, descentFigure } from './descent';
import { type Filmstrip, filmstrip } from './filmstrip';
import { checked, savedFigure } from './figure-file';
import type { FigureSize } from './frame';
import { type HistogramFigure, histogramFigure } from './histogram';
import { type ImageGrid, imageGridFigure } from './image-grid';
import { type LineChart, lineChart } from './line-chart';
import type { Provenance } from './png-text';
import { type Quiver, quiver } from './quiver';
import { type Reliability, reliabilityFigure } from './reliability';
import { type RobustnessCurve, robustnessCurve } from './robustness-curve';
import * as samples from './samples';
import * as views from './samples-views';
import * as shapes from './shapes';
import { type Surface3d, surface3d } from './surface-3d';
import * as tables from './tables';
import type { ThemeName } from './theme';

/** The data of each figure, by its id. */
export interface FigureData {
  'contour-panels': ContourPanels;
  'surface-3d': Surface3d;
  histogram: HistogramFigure;
  'line-chart': LineChart;
  'robustness-curve': RobustnessCurve;
  'attack-matrix': AttackMatrix;
  reliability: Reliability;
  quiver: Quiver;
  'class-histogram': ClassHistogram;
  'image-grid': ImageGrid;
  filmstrip: Filmstrip;
  descent: Descent;
}
export type FigureId = keyof FigureData;
/** A figure with its data: what a view shows, saves and exports. */
export type FigureSpec<K extends FigureId = FigureId> = {
  [I in K]: { readonly figure: I; readonly data: FigureData[I] };
}[K];

interface Figure<T> {
  readonly title: string;
  readonly summary: string;
  /** Data to an SVG document; the same data gives the same text. */
  readonly render: (data: T, theme: ThemeName, size?: FigureSize) => string;
  /** Data to CSV: one table with a header. */
  readonly csv: (data: T) => string;
  readonly shape: shapes.Shape<T>;
  readonly sample: () => T;
}

const figures: { readonly [K in FigureId]: Figure<FigureData[K]> } = {
  'contour-panels': {
    title: 'Energy contours',
    summary: 'Filled contours of energy round one image, a panel for each model, on one scale; walks over them.',
    render: contourPanels,
    csv: tables.contourTable,
    shape: shapes.contourShape,
    sample: samples.sampleContours,
  },
  'surface-3d': {
    title: 'Energy surfaces',
    summary: 'Energy round one image as surfaces seen from an azimuth and an elevation.',
    render: surface3d,
    csv: tables.contourTable,
    shape: shapes.surfaceShape,
    sample: views.sampleSurface,
  },
  histogram: {
    title: 'Histograms',
    summary: 'Overlaid histograms of energies with their means.',
    render: histogramFigure,
    csv: tables.histogramTable,
    shape: shapes.histogramShape,
    sample: samples.sampleHistogram,
  },
  'line-chart': {
    title: 'Curves',
    summary: 'Curves over steps, eps or epochs, with bands, a second axis or a log scale.',
    render: lineChart,
    csv: tables.lineTable,
    shape: shapes.lineShape,
    sample: samples.sampleCurves,
  },
  'robustness-curve': {
    title: 'Accuracy against eps',
    summary: 'Accuracy of models under attacks of growing radius, from the clean point on.',
    render: robustnessCurve,
    csv: tables.robustnessTable,
    shape: shapes.robustnessShape,
    sample: views.sampleRobustness,
  },
  'attack-matrix': {
    title: 'Models under attacks',
    summary: 'A table of models and attacks with colour and accuracy in each cell.',
    render: attackMatrix,
    csv: tables.matrixTable,
    shape: shapes.matrixShape,
    sample: views.sampleMatrix,
  },
  reliability: {
    title: 'Reliability diagram',
    summary: 'Accuracy in bins of confidence beside the diagonal, with gaps and shares of images.',
    render: reliabilityFigure,
    csv: tables.reliabilityTable,
    shape: shapes.reliabilityShape,
    sample: views.sampleReliability,
  },
  quiver: {
    title: 'Energy plane of an attack',
    summary: 'Arrows from clean to adversarial images in the plane of E(x) and E(x,y).',
    render: quiver,
    csv: tables.quiverTable,
    shape: shapes.quiverShape,
    sample: samples.sampleArrows,
  },
  'class-histogram': {
    title: 'Counts by class',
    summary: 'A bar for each class and group.',
    render: classHistogram,
    csv: tables.classTable,
    shape: shapes.classShape,
    sample: views.sampleClasses,
  },
  'image-grid': {
    title: 'Image table',
    summary: 'Images in a table with named rows and columns.',
    render: imageGridFigure,
    csv: tables.imageTable,
    shape: shapes.imageShape,
    sample: samples.sampleGrid,
  },
  filmstrip: {
    title: 'Filmstrip',
    summary: 'Images of one chain with the step and the energy below each.',
    render: filmstrip,
    csv: tables.filmTable,
    shape: shapes.filmShape,
    sample: views.sampleFilm,
  },
  descent: {
    title: 'Descents side by side',
    summary: 'The same noise walked down the energies of several models.',
    render: descentFigure,
    csv: tables.descentTable,
    shape: shapes.descentShape,
    sample: samples.sampleDescent,
  },
};

export const drawFigure = <K extends FigureId>(
  id: K,
  data: FigureData[K],
  theme: ThemeName,
  size?: FigureSize,
): string => figures[id].render(data, theme, size);

/** The figure's data as one CSV table with units in its header. */
export const figureCsv = <K extends FigureId>(id: K, data: FigureData[K]): string => figures[id].csv(data);

/** Foreign data that turned out to be a figure's. */
export interface OpenFigure {
  readonly provenance: Provenance;
  readonly svg: (theme: ThemeName, size?: FigureSize) => string;
  readonly csv: () => string;
}

/** A figure whose kind of data only itself knows. */
export interface FigureEntry {
  readonly id: FigureId;
  readonly title: string;
  readonly summary: string;
  /** The figure's sample as it would be saved. */
  readonly saved: () => string;
  /** The figure of its sample, with `changes` to fields by name. */
  readonly example: (theme: ThemeName, changes?: Readonly<Record<string, unknown>>, size?: FigureSize) => string;
  /** @throws AppError BAD_DATA, naming the field, when `data` is not what this figure draws. */
  readonly open: (data: unknown) => OpenFigure;
}

function entry<K extends FigureId>(id: K): FigureEntry {
  const { title, summary, shape, sample, render, csv } = figures[id];
  return {
    id,
    title,
    summary,
    saved: () => savedFigure({ figure: id, data: sample() }),
    example: (theme, changes = {}, size = {}) => render({ ...sample(), ...changes }, theme, size),
    open: (foreign) => {
      const data = checked(id, shape, foreign);
      return {
        provenance: data.provenance ?? {},
        svg: (theme, size) => render(data, theme, size),
        csv: () => csv(data),
      };
    },
  };
}

export const figureRegistry = new Registry<FigureEntry>(
  'figure',
  (Object.keys(figures) as FigureId[]).map((id) => entry(id)),
);
