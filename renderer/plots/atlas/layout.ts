/**
 * Where each tile of the atlas lies: sections one below the other, each with a heading and its tiles row by row. Positions count
 * through all sections; lengths are CSS pixels from the top left of the whole.
 */
export interface Section {
  readonly title: string;
  readonly count: number;
}
export interface Grid {
  readonly columns: number;
  /** Side of a tile. */
  readonly cell: number;
  /** Height of a section's heading; 0 for none. */
  readonly heading: number;
}
/** Rows from..to of one section that are in sight. */
export interface VisibleRows {
  readonly section: number;
  readonly from: number;
  readonly to: number;
}

export class AtlasLayout {
  /** Of each section: its top, and the position of its first tile. */
  readonly tops: readonly number[];
  readonly starts: readonly number[];
  readonly total: number;
  readonly height: number;

  constructor(
    readonly sections: readonly Section[],
    readonly grid: Grid,
  ) {
    const { columns, cell, heading } = grid;
    let [top, start] = [0, 0];
    const tops: number[] = [];
    const starts: number[] = [];
    for (const { count } of sections) {
      tops.push(top);
      starts.push(start);
      top += heading + Math.ceil(count / columns) * cell;
      start += count;
    }
    this.tops = tops;
    this.starts = starts;
    this.total = start;
    this.height = top;
  }

  get width(): number {
    return this.grid.columns * this.grid.cell;
  }

  rows(section: number): number {
    return Math.ceil((this.sections[section]?.count ?? 0) / this.grid.columns);
  }

  /** Of the first tile of a section. */
  firstRow(section: number): number {
    return (this.tops[section] ?? 0) + this.grid.heading;
  }

  sectionOf(position: number): number {
    return lastAtMost(this.starts, position);
  }

  sectionAt(y: number): number {
    return lastAtMost(this.tops, y);
  }

  /** Top left of a tile. */
  place(position: number): { x: number; y: number } {
    const { columns, cell } = this.grid;
    const section = this.sectionOf(position);
    const inside = position - (this.starts[section] ?? 0);
    return {
      x: (inside % columns) * cell,
      y: this.firstRow(section) + Math.floor(inside / columns) * cell,
    };
  }

  /** The tile at a point; undefined beside the tiles and in a heading. */
  at(x: number, y: number): number | undefined {
    const { columns, cell } = this.grid;
    const section = this.sectionAt(y);
    const row = Math.floor((y - this.firstRow(section)) / cell);
    const column = Math.floor(x / cell);
    const inside = row * columns + column;
    if (row < 0 || column < 0 || column >= columns || inside >= (this.sections[section]?.count ?? 0)) return undefined;
    return (this.starts[section] ?? 0) + inside;
  }

  /** The tile at or nearest to a point; undefined when there is none. */
  nearest(x: number, y: number): number | undefined {
    if (this.total === 0) return undefined;
    const { columns, cell } = this.grid;
    let section = this.sectionAt(y);
    while (section > 0 && this.sections[section]?.count === 0) section--;
    const row = clamp(Math.floor((y - this.firstRow(section)) / cell), 0, Math.max(0, this.rows(section) - 1));
    const column = clamp(Math.floor(x / cell), 0, columns - 1);
    const last = Math.max(0, (this.sections[section]?.count ?? 0) - 1);
    return Math.min(this.total - 1, (this.starts[section] ?? 0) + Math.min(last, row * columns + column));
  }

  /** Of each section that reaches into top..bottom, the rows that do; `to` is not among them. */
  visible(top: number, bottom: number): VisibleRows[] {
    const { cell } = this.grid;
    const seen: VisibleRows[] = [];
    for (let section = this.sectionAt(top); section < this.sections.length; section++) {
      if ((this.tops[section] ?? 0) >= bottom) break;
      const first = this.firstRow(section);
      const from = Math.max(0, Math.floor((top - first) / cell));
      const to = Math.min(this.rows(section), Math.ceil((bottom - first) / cell));
      seen.push({ section, from, to: Math.max(from, to) });
    }
    return seen;
  }
}

export const clamp = (value: number, low: number, high: number): number => Math.max(low, Math.min(high, value));

/** Index of the last of the ascending values that is at most `wanted`; 0 where none is. */
function lastAtMost(values: readonly number[], wanted: number): number {
  let [low, high] = [0, values.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((values[middle] ?? Infinity) <= wanted) low = middle;
    else high = middle;
  }
  return low;
}
