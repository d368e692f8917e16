/** A row of tiles as few drawing operations: each run is a piece of a page, of the wanted level or of the best other one that is there. */
import { type Level } from './levels';

export interface Run {
  readonly level: number;
  readonly page: number;
  /** First tile of the run in its page. */
  readonly tile: number;
  /** First position, and how many. */
  readonly position: number;
  readonly count: number;
  /** Whether its pixels are there. */
  readonly ready: boolean;
}

/** Wanted level first, then coarser, then finer ones: a coarse picture is there soonest. */
export const preference = (levels: number, wanted: number): number[] => [
  ...Array.from({ length: levels - wanted }, (_, i) => wanted + i),
  ...Array.from({ length: wanted }, (_, i) => wanted - 1 - i),
];

/** Cuts positions from..to at the borders of pages and of their rows. */
export function* runsOf(
  levels: readonly Level[],
  order: readonly number[],
  from: number,
  to: number,
  has: (level: number, page: number) => boolean,
): Generator<Run, void, undefined> {
  const wanted = order[0] ?? 0;
  for (let position = from; position < to;) {
    const own = cut(levels[wanted], position, to);
    let run: Run = { level: wanted, page: own.page, tile: own.tile, position, count: own.count, ready: false };
    for (const level of order) {
      const { page, tile, count } = cut(levels[level], position, to);
      if (!has(level, page)) continue;
      run = { level, page, tile, position, count: Math.min(count, own.count), ready: true };
      break;
    }
    yield run;
    position += run.count;
  }
}

function cut(level: Level | undefined, position: number, to: number): { page: number; tile: number; count: number } {
  const { tiles, across } = level ?? { tiles: 1, across: 1 };
  const page = Math.floor(position / tiles);
  const tile = position - page * tiles;
  return { page, tile, count: Math.min(to - position, across - (tile % across)) };
}
