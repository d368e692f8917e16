/**
 * Where each image of a grid stands: as large as the room allows. Where every class has as many images, each keeps columns of its own,
 * or a row, under or beside its name.
 */

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
  /** Whether each class has columns or a row. */
  readonly grouped: 'columns' | 'rows' | 'none';
  /** Images of a class, and the columns that it has, where classes have columns. */
  readonly group: { readonly size: number; readonly columns: number };
  /** Room for the names of classes above or at the left. */
  readonly head: { readonly left: number; readonly top: number };
}

const gap = 4;
const names = { left: 72, top: 20 };
/** Images are enlarged to at most this height. */
const largest = 224;
const smallest = 6;

type Form = Pick<PlacedGrid, 'rows' | 'columns' | 'grouped' | 'group'>;

/** `n` images of height x width pixels, in class order, in a room; `groups` is the number of classes. */
export function placeGrid(
  n: number,
  groups: number,
  [height, width]: readonly [number, number],
  room: GridRoom,
): PlacedGrid {
  return formsOf(n, groups)
    .map((form) => fitted(form, { height, width }, room))
    .reduce((best, each) => (each.cell.height > best.cell.height ? each : best));
}

function formsOf(n: number, groups: number): Form[] {
  const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1);
  const size = n / groups;
  if (groups < 2 || !Number.isInteger(size))
    return upTo(n).map((columns) => ({
      rows: Math.ceil(n / columns),
      columns,
      grouped: 'none',
      group: { size: n, columns },
    }));
  const inColumns = upTo(size).map((columns): Form => ({
    rows: Math.ceil(size / columns),
    columns: groups * columns,
    grouped: 'columns',
    group: { size, columns },
  }));
  return [...inColumns, { rows: groups, columns: size, grouped: 'rows', group: { size, columns: size } }];
}

function fitted(form: Form, image: { readonly height: number; readonly width: number }, room: GridRoom): PlacedGrid {
  const { rows, columns, grouped } = form;
  const head = { left: grouped === 'rows' ? names.left : 0, top: grouped === 'columns' ? names.top : 0 };
  const across = (room.width - head.left - gap * (columns - 1)) / columns / image.width;
  const down = (room.height - head.top - gap * (rows - 1)) / rows / image.height;
  const free = Math.max(smallest / image.height, Math.min(across, down, largest / image.height));
  // quarters keep the pixels of an image nearly alike
  const scale = free >= 2 ? Math.floor(free * 4) / 4 : free;
  return { ...form, head, gap, cell: { width: image.width * scale, height: image.height * scale } };
}

export function placeOf({ columns, grouped, group }: PlacedGrid, i: number): GridPlace {
  if (grouped !== 'columns') return { row: Math.floor(i / columns), column: i % columns };
  const within = i % group.size;
  const first = Math.floor(i / group.size) * group.columns;
  return { row: Math.floor(within / group.columns), column: first + (within % group.columns) };
}

/** The image at a place; undefined where there is none. */
export function imageAt(
  { rows, columns, grouped, group }: PlacedGrid,
  { row, column }: GridPlace,
  n: number,
): number | undefined {
  if (row < 0 || column < 0 || row >= rows || column >= columns) return undefined;
  const within = row * group.columns + (column % group.columns);
  if (grouped === 'columns' && within >= group.size) return undefined;
  const i = grouped === 'columns' ? Math.floor(column / group.columns) * group.size + within : row * columns + column;
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
