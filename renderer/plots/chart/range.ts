/** The range of an axis that shows what is drawn. */
import type { Range } from './curve';
import type { Reduced } from './reduce';

export interface HeightOptions {
  readonly log: boolean;
  /** Leaves the highest and lowest fiftieth out of sight. */
  readonly trim: boolean;
  /** Fixed, such as [0, 1] of an accuracy. */
  readonly fixed?: Range;
}

/** Of the y axis, with a little room; undefined where nothing can be drawn. */
export function heightRange(drawn: readonly Reduced[], { log, trim, fixed }: HeightOptions): Range | undefined {
  if (fixed && !log) return fixed;
  const ends: number[] = [];
  let [low, high] = [Infinity, -Infinity];
  const take = (value: number) => {
    if (!Number.isFinite(value) || (log && value <= 0)) return;
    if (trim) ends.push(value);
    if (value < low) low = value;
    if (value > high) high = value;
  };
  for (const { low: lows, high: highs, course } of drawn)
    for (let i = 0; i < lows.length; i++) {
      take(lows[i] ?? NaN);
      take(highs[i] ?? NaN);
      take(course[i] ?? NaN);
    }
  if (low > high) return undefined;
  if (trim && ends.length > 50) {
    ends.sort((a, b) => a - b);
    [low, high] = [ends[Math.floor(ends.length / 50)] ?? low, ends[Math.ceil((ends.length * 49) / 50) - 1] ?? high];
  }
  if (log) return [roundedDown(low), 1 / roundedDown(1 / high)];
  const room = high > low ? 0.05 * (high - low) : Math.max(1e-6, 0.05 * Math.abs(high));
  return [low - room, high + room];
}

/** The largest of 1, 2, 5 times a power of ten that is below a positive number. */
function roundedDown(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const [fitting = 1] = [5, 2, 1].filter((digit) => digit * power < value);
  return fitting * power < value ? fitting * power : power / 2;
}

/** A range wide enough to have ticks: numbers that differ in their last digits alone have none between them. */
export function withTicks([low, high]: Range): Range {
  const size = Math.max(Math.abs(low), Math.abs(high), 1e-6);
  return high - low > 1e-6 * size ? [low, high] : [low - 0.05 * size, high + 0.05 * size];
}
