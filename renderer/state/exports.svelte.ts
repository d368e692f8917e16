/** The figure that is being exported: any view opens the one export sheet of the window with it. */
import type { FigureSpec } from '../../core/figures/registry';

/**
 * A figure with its data: `{ figure: 'contour-panels', data }`. The sheet draws it by core/figures from these data, so the file shows
 * what the screen shows.
 */
export type FigureExport = FigureSpec & {
  /** Of the file, without an ending: 'energy-cifar10-7'. */
  readonly name: string;
  /** Model, run, seed, options: goes into the metadata of every file. */
  readonly provenance: Readonly<Record<string, string>>;
};

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
