/** Every figure, with data to try it on. */
import { Registry } from '../lib/registry';
import { contourPanels } from './contour-panels';
import { descentFigure } from './descent';
import { histogramFigure } from './histogram';
import { imageGridFigure } from './image-grid';
import { lineChart } from './line-chart';
import { quiver } from './quiver';
import { sampleArrows, sampleContours, sampleCurves, sampleDescent, sampleGrid, sampleHistogram } from './samples';
import type { ThemeName } from './theme';

interface Figure<T> {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly sample: () => T;
  /** Data to an SVG document; the same data gives the same text. */
  readonly render: (data: T, theme: ThemeName) => string;
}

/** A figure whose kind of data only itself knows. */
export interface FigureEntry extends Omit<Figure<never>, 'sample' | 'render'> {
  /** The figure of its sample, with `changes` to fields by name. */
  readonly example: (theme: ThemeName, changes?: Readonly<Record<string, unknown>>) => string;
}

const define = <T extends object>({ sample, render, ...entry }: Figure<T>): FigureEntry => ({
  ...entry,
  example: (theme, changes = {}) => render({ ...sample(), ...changes }, theme),
});

export const figureRegistry = new Registry<FigureEntry>('figure', [
  define({
    id: 'contour-panels',
    title: 'Energy contours',
    summary: 'Filled contours of energy round one image, a panel for each model, on one scale.',
    sample: sampleContours,
    render: contourPanels,
  }),
  define({
    id: 'histogram',
    title: 'Histograms',
    summary: 'Overlaid histograms of energies with their means.',
    sample: sampleHistogram,
    render: histogramFigure,
  }),
  define({
    id: 'line-chart',
    title: 'Curves',
    summary: 'Curves over steps, eps or epochs, with a second axis or a log scale.',
    sample: sampleCurves,
    render: lineChart,
  }),
  define({
    id: 'quiver',
    title: 'Energy plane of an attack',
    summary: 'Arrows from clean to adversarial images in the plane of E(x) and E(x,y).',
    sample: sampleArrows,
    render: quiver,
  }),
  define({
    id: 'image-grid',
    title: 'Image table',
    summary: 'Images in a table with named rows and columns.',
    sample: sampleGrid,
    render: imageGridFigure,
  }),
  define({
    id: 'descent',
    title: 'Descents side by side',
    summary: 'The same noise walked down the energies of several models.',
    sample: sampleDescent,
    render: descentFigure,
  }),
]);
