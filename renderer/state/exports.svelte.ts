/** The figure that is being exported: any view opens the one export sheet of the window with it. */
import type { ThemeName } from '../../core/figures/theme';

/** What the sheet changes of a figure before it is drawn for a file. */
export interface FigureChanges {
  /** In px of the SVG. */
  readonly width?: number;
  readonly title?: string;
  readonly caption?: string;
}

export interface FigureExport {
  readonly title: string;
  /** Of the file, without an ending: 'energy-cifar10-7'. */
  readonly name: string;
  /** Id in core/figures/registry.ts. */
  readonly figure: string;
  /** What the figure is drawn from; also saved as data and as CSV. */
  readonly data: object;
  /** Model, run, seed, options: goes into the metadata of every file. */
  readonly provenance: Readonly<Record<string, string>>;
  /** The same figure as on the screen, from the same data. */
  readonly render: (theme: ThemeName, changes: FigureChanges) => string;
}

class ExportStore {
  #current = $state.raw<FigureExport | undefined>();

  get current(): FigureExport | undefined {
    return this.#current;
  }
  open(figure: FigureExport): void {
    this.#current = figure;
  }
  close(): void {
    this.#current = undefined;
  }
}

export const exporting = new ExportStore();
export const exportFigure = (figure: FigureExport): void => exporting.open(figure);
