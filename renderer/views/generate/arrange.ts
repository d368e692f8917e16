/** The images of one or two sets as one grid, placed as on the screen; the second stands right of the first, a blank between them. */
import type { Shape } from '../../lib/pixels';
import { imageOf, valuesOf } from '../../plots/grid/batch';
import { type PlacedGrid, imageAt } from '../../plots/grid/layout';

export interface Arranged {
  /** For each cell, row by row, its set and image; undefined where it is blank. */
  readonly cells: readonly ({ readonly set: number; readonly image: number } | undefined)[];
  readonly columns: number;
  readonly rows: number;
}

export function arrangement(grids: readonly PlacedGrid[], n: number): Arranged {
  const rows = Math.max(...grids.map((grid) => grid.rows));
  const cells = Array.from({ length: rows }, (_, row) =>
    grids.flatMap((grid, set) => [
      ...(set > 0 ? [undefined] : []),
      ...Array.from({ length: grid.columns }, (__, column) => {
        const image = imageAt(grid, { row, column }, n);
        return image === undefined ? undefined : { set, image };
      }),
    ]),
  );
  return { cells: cells.flat(), rows, columns: cells[0]?.length ?? 1 };
}

/** One frame of pixels [cells, h, w, c], blanks white; `sets` are the images of each set at one step. */
export function arranged({ cells }: Arranged, sets: readonly Uint8Array[], shape: Shape): Uint8Array<ArrayBuffer> {
  const length = valuesOf(shape);
  const out = new Uint8Array(cells.length * length).fill(255);
  cells.forEach((cell, i) => {
    const images = cell && sets[cell.set];
    if (images) out.set(imageOf(images, shape, cell.image), i * length);
  });
  return out;
}
