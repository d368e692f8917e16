/** Columns of a DataTable, and how its rows are put in order. */
import type { Snippet } from 'svelte';

export type CellValue = string | number | boolean | null | undefined;

export interface Column<Row> {
  readonly id: string;
  readonly title: string;
  /** What sorting compares; null and undefined come last both ways. */
  readonly value: (row: Row) => CellValue;
  /** What the cell shows; absent: the value. */
  readonly text?: (row: Row) => string;
  /** A cell of more than text. */
  readonly cell?: Snippet<[Row]>;
  /** Right-aligned, in figures of one width. */
  readonly numeric?: boolean;
  /** CSS pixels; absent: shares what is left. */
  readonly width?: number;
  /** What the column means, on hover. */
  readonly help?: string;
  readonly fixedOrder?: boolean;
  /** The first click sorts from high to low. */
  readonly highFirst?: boolean;
}

export interface Sort {
  readonly column: string;
  readonly descending: boolean;
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

function compare(a: CellValue, b: CellValue): number {
  if (typeof a === 'string' && typeof b === 'string') return collator.compare(a, b);
  return Number(a) - Number(b);
}
const isMissing = (value: CellValue): boolean => value === null || value === undefined || Number.isNaN(value);

/** A sorted copy; equal rows keep their order. */
export function sorted<Row>(rows: readonly Row[], columns: readonly Column<Row>[], sort: Sort | undefined): Row[] {
  const column = columns.find(({ id }) => id === sort?.column);
  if (!sort || !column) return [...rows];
  const sign = sort.descending ? -1 : 1;
  return [...rows].sort((x, y) => {
    const [a, b] = [column.value(x), column.value(y)];
    if (isMissing(a) || isMissing(b)) return Number(isMissing(a)) - Number(isMissing(b));
    return sign * compare(a, b);
  });
}

export function cellText<Row>(column: Column<Row>, row: Row): string {
  if (column.text) return column.text(row);
  const value = column.value(row);
  return isMissing(value) ? '–' : String(value);
}
