/** What a matrix of rows and columns shows, and where the arrows go in it. */
export interface MatrixRow {
  readonly id: string;
  readonly title: string;
  readonly note?: string;
  readonly colour?: string;
}
export interface MatrixColumn {
  readonly id: string;
  readonly title: string;
}
/** Columns that stand together under one title. */
export interface MatrixGroup {
  readonly id: string;
  readonly title: string;
  readonly detail?: string;
  readonly columns: readonly MatrixColumn[];
}
export interface MatrixCell {
  /** In [0,1]; NaN while nothing is known. */
  readonly value: number;
  /** While it is not whole: how much of it is there, in [0,1]. */
  readonly share?: number;
}
export interface MatrixPlace {
  readonly row: string;
  readonly column: string;
}

/** From (row, column), where a key leads in a matrix of that size; undefined for other keys. */
export function stepped(
  key: string,
  [row, column]: readonly [number, number],
  [rows, columns]: readonly [number, number],
  all = false,
): readonly [number, number] | undefined {
  const kept = (value: number, count: number) => Math.min(count - 1, Math.max(0, value));
  switch (key) {
    case 'ArrowLeft':
      return [row, kept(column - 1, columns)];
    case 'ArrowRight':
      return [row, kept(column + 1, columns)];
    case 'ArrowUp':
      return [kept(row - 1, rows), column];
    case 'ArrowDown':
      return [kept(row + 1, rows), column];
    case 'Home':
      return [all ? 0 : row, 0];
    case 'End':
      return [all ? rows - 1 : row, columns - 1];
    default:
      return undefined;
  }
}
