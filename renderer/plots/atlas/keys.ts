/** Where a key leads from a tile. */
import { type AtlasLayout, clamp } from './layout';

/** The new position; undefined for keys that do not move. From nowhere every key leads to the first or last tile. */
export function moved(key: string, at: number | undefined, layout: AtlasLayout, rows: number): number | undefined {
  const last = layout.total - 1;
  if (last < 0 || !(key in steps)) return undefined;
  if (key === 'Home' || at === undefined) return key === 'End' ? last : 0;
  if (key === 'End') return last;
  const [columns, lines] = steps[key] ?? [0, 0];
  if (lines === 0) return clamp(at + columns, 0, last);
  return down(layout, at, lines * (key.startsWith('Page') ? rows : 1));
}

const steps: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  PageUp: [0, -1],
  PageDown: [0, 1],
  Home: [0, 0],
  End: [0, 0],
};

/** So many rows further in the same column, through the sections. */
function down(layout: AtlasLayout, at: number, rows: number): number {
  const { x, y } = layout.place(at);
  const { cell, heading } = layout.grid;
  const middle = y + cell / 2 + rows * cell;
  const target = layout.nearest(x + cell / 2, middle) ?? at;
  if (target !== at) return target;
  // a heading, or a short last row, lies between
  const beyond = layout.nearest(x + cell / 2, middle + Math.sign(rows) * (heading + cell)) ?? at;
  return beyond !== at ? beyond : rows > 0 ? layout.total - 1 : 0;
}
