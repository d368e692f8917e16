/** Zooming: how large a tile may be, how many columns fit, and how a point keeps its place. Lengths are CSS pixels. */
import { type AtlasLayout, clamp } from './layout';

export interface ViewSize {
  readonly width: number;
  readonly height: number;
  /** Device pixels a CSS pixel. */
  readonly ratio: number;
}

/** Columns that fill the width, and a tile of whole device pixels. */
export function settled(cell: number, { width, ratio }: ViewSize): { cell: number; columns: number } {
  const whole = Math.max(1, Math.round(cell * ratio)) / ratio;
  return { cell: whole, columns: Math.max(1, Math.floor(width / whole)) };
}

/** The smallest tile, which shows everything at once if that can be seen, and the largest. */
export function cellRange(total: number, { width, height, ratio }: ViewSize): { least: number; most: number } {
  const everything = Math.floor(Math.sqrt((width * height) / Math.max(1, total)) * ratio) / ratio;
  return {
    least: clamp(everything, 2 / ratio, 32),
    most: clamp(Math.min(width, height) / 3, 64, 256),
  };
}

/** A place in the whole that stays the same when tiles grow: section, and columns and rows from its first tile. */
export interface Anchor {
  readonly section: number;
  readonly columns: number;
  readonly rows: number;
}

export function anchorAt(layout: AtlasLayout, x: number, y: number): Anchor {
  const section = layout.sectionAt(y);
  return {
    section,
    columns: x / layout.grid.cell,
    rows: (y - layout.firstRow(section)) / layout.grid.cell,
  };
}

export const pointOf = (layout: AtlasLayout, { section, columns, rows }: Anchor): { x: number; y: number } => ({
  x: columns * layout.grid.cell,
  y: layout.firstRow(section) + rows * layout.grid.cell,
});

/** The offset of the view: inside the whole, or the whole in the middle where it is narrower. */
export const offsetX = (wanted: number, whole: number, room: number): number =>
  whole <= room ? Math.floor((whole - room) / 2) : clamp(wanted, 0, whole - room);
