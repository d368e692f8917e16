/** Where each image of a grid stands: as large as the room allows, with a column or a row for each class where the numbers are even. */

export interface GridRoom {
  readonly width: number;
  readonly height: number;
}

export interface GridPlace {
  readonly row: number;
  readonly column: number;
}

export interface PlacedGrid {
  readonly rows: number;
  readonly columns: number;
  /** Width and height of an image on screen, in px. */
  readonly cell: { readonly width: number; readonly height: number };
  readonly gap: number;
  /** Whether columns or rows each hold one class. */
  readonly grouped: 'columns' | 'rows' | 'none';
  /** Room for the names of classes above or at the left. */
  readonly head: { readonly left: number; readonly top: number };
}

const gap = 4;
const names = { left: 72, top: 20 };
/** Images are enlarged to at most this height. */
const largest = 224;
const smallest = 6;

/**
 * `n` images of height x width pixels, in class order, in a room. `groups` is the number of classes; they are kept together when each
 * has as many images.
 */
export function placeGrid(
  n: number,
  groups: number,
  [height, width]: readonly [number, number],
  room: GridRoom,
): PlacedGrid {
  const even = groups > 1 && n % groups === 0;
  const candidates = even
    ? [
        fitted(n / groups, groups, 'columns', { height, width }, room),
        fitted(groups, n / groups, 'rows', { height, width }, room),
      ]
    : Array.from({ length: n }, (_, i) => fitted(Math.ceil(n / (i + 1)), i + 1, 'none', { height, width }, room));
  return candidates.reduce((best, each) => (each.cell.height > best.cell.height ? each : best));
}

function fitted(
  rows: number,
  columns: number,
  grouped: PlacedGrid['grouped'],
  image: { readonly height: number; readonly width: number },
  room: GridRoom,
): PlacedGrid {
  const head = { left: grouped === 'rows' ? names.left : 0, top: grouped === 'columns' ? names.top : 0 };
  const across = (room.width - head.left - gap * (columns - 1)) / columns / image.width;
  const down = (room.height - head.top - gap * (rows - 1)) / rows / image.height;
  const free = Math.max(smallest / image.height, Math.min(across, down, largest / image.height));
  // quarters keep the pixels of an image nearly alike
  const scale = free >= 2 ? Math.floor(free * 4) / 4 : free;
  return { rows, columns, grouped, head, gap, cell: { width: image.width * scale, height: image.height * scale } };
}

export const placeOf = ({ rows, columns, grouped }: PlacedGrid, i: number): GridPlace =>
  grouped === 'columns'
    ? { row: i % rows, column: Math.floor(i / rows) }
    : { row: Math.floor(i / columns), column: i % columns };

/** The image at a place; undefined where the last row or column has none. */
export function imageAt(
  { rows, columns, grouped }: PlacedGrid,
  { row, column }: GridPlace,
  n: number,
): number | undefined {
  if (row < 0 || column < 0 || row >= rows || column >= columns) return undefined;
  const i = grouped === 'columns' ? column * rows + row : row * columns + column;
  return i < n ? i : undefined;
}

/** Its upper left corner, in px. */
export function cornerOf(grid: PlacedGrid, i: number): { readonly left: number; readonly top: number } {
  const { row, column } = placeOf(grid, i);
  return {
    left: grid.head.left + column * (grid.cell.width + grid.gap),
    top: grid.head.top + row * (grid.cell.height + grid.gap),
  };
}

export const sizeOf = ({ rows, columns, cell, gap: between, head }: PlacedGrid): GridRoom => ({
  width: head.left + columns * (cell.width + between) - between,
  height: head.top + rows * (cell.height + between) - between,
});
