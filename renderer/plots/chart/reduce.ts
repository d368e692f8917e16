/** A stretch of a curve as what a screen can show of it: one entry for each column of pixels, with the extremes in it, so spikes stay. */
import { lowerBound } from './column';
import type { Range, Stretch } from './curve';

export interface Reduced {
  /** Whether entries stand for several values each. */
  readonly joined: boolean;
  readonly x: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** The smoothed course; the values themselves where nothing is smoothed. */
  readonly course: Float64Array;
}

/** The part of `stretch` in `range`, and one point more at each side, in at most about `columns` entries. */
export function reduced({ x, y }: Stretch, [from, to]: Range, columns: number, span: number): Reduced {
  const xs = x.values;
  const first = Math.max(0, lowerBound(xs, from) - 1);
  const last = Math.min(xs.length, lowerBound(xs, to) + 2);
  if (span > 1) y.smoothed.update(span);
  const course = span > 1 ? y.smoothed.values.raw : y.values.raw;
  const count = Math.max(0, last - first);
  if (count <= 2 * columns) {
    const values = y.values.raw.slice(first, last);
    return { joined: false, x: xs.slice(first, last), low: values, high: values, course: course.slice(first, last) };
  }
  y.extremes.update();
  const found = {
    x: new Float64Array(columns + 2),
    low: new Float64Array(columns + 2),
    high: new Float64Array(columns + 2),
  };
  const courses = new Float64Array(columns + 2);
  let n = 0;
  const width = (to - from) / columns;
  for (let i = first, column = 0; i < last; column++) {
    const end = column > columns ? last : Math.min(last, next(xs, i, from + column * width, last));
    if (end === i) continue;
    const [low, high] = y.extremes.of(i, end);
    found.x[n] = xs[end - 1] ?? NaN;
    found.low[n] = low <= high ? low : NaN;
    found.high[n] = low <= high ? high : NaN;
    courses[n++] = course[end - 1] ?? NaN;
    i = end;
  }
  const part = (all: Float64Array) => all.subarray(0, n);
  return { joined: true, x: part(found.x), low: part(found.low), high: part(found.high), course: part(courses) };
}

/** The first index from `at` on whose value is at least `bound`, by growing strides: neighbours are near each other. */
function next(values: Float64Array, at: number, bound: number, last: number): number {
  let [low, stride] = [at, 1];
  while (low + stride < last && (values[low + stride] ?? NaN) < bound) {
    low += stride;
    stride *= 2;
  }
  let high = Math.min(last, low + stride + 1);
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] ?? NaN) < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}
