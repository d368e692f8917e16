/** Where a window was: kept on disk, and brought back to where there is a display for it. */
import { readFileSync, writeFileSync } from 'node:fs';
import * as v from 'valibot';

const number = v.pipe(v.number(), v.finite());
const schema = v.object({ x: number, y: number, width: number, height: number, maximised: v.boolean() });
export type WindowState = v.InferOutput<typeof schema>;
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const usualSize = { width: 1280, height: 800 };
export const smallest = { width: 760, height: 520 };

/** The state on disk; undefined where there is none that can be used. */
export function readState(file: string): WindowState | undefined {
  try {
    const parsed = v.safeParse(schema, JSON.parse(readFileSync(file, 'utf8')));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}

export function writeState(file: string, state: WindowState): void {
  try {
    writeFileSync(file, JSON.stringify(state));
  } catch {
    // the window opens where windows open, next time
  }
}

const overlap = (a: Area, b: Area): number =>
  Math.max(0, Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)) *
  Math.max(0, Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y));

/** The bounds as they were where enough of them shows on a display; else the usual size, where the system puts it. */
export function visibleBounds(state: WindowState | undefined, displays: readonly Area[]): Partial<Area> {
  if (!state) return usualSize;
  const width = Math.max(smallest.width, Math.round(state.width));
  const height = Math.max(smallest.height, Math.round(state.height));
  const bounds = { x: Math.round(state.x), y: Math.round(state.y), width, height };
  const shown = displays.some((display) => overlap(bounds, display) >= 0.25 * width * height);
  if (shown) return bounds;
  const [first] = displays;
  return first ? { width: Math.min(width, first.width), height: Math.min(height, first.height) } : usualSize;
}

/** A further window is a little beside those that are there. */
export const besideOthers = (bounds: Partial<Area>, others: number): Partial<Area> =>
  bounds.x === undefined || bounds.y === undefined
    ? bounds
    : { ...bounds, x: bounds.x + 24 * others, y: bounds.y + 24 * others };
