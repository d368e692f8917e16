/** The energies that a colour scale covers, so that no outlying panel hides the others. */

export interface EnergyRange {
  readonly low: number;
  readonly high: number;
}

/** The most points looked at. */
const sample = 60_000;
/** A shared scale spans this many times the median panel, or as many again times more where whole panels would be off it. */
const widest = 4;

function sorted(grids: readonly Float32Array[]): Float32Array {
  const total = grids.reduce((sum, grid) => sum + grid.length, 0);
  const stride = Math.max(1, Math.ceil(total / sample));
  return Float32Array.from(
    grids.flatMap((grid) => Array.from(grid).filter((e, i) => i % stride === 0 && Number.isFinite(e))),
  ).sort();
}

const quantile = (values: Float32Array, q: number): number => values[Math.round(q * (values.length - 1))] ?? NaN;

/** Least and greatest finite energy; undefined when there is none. */
export function fullRange(grid: Float32Array): EnergyRange | undefined {
  let low = Infinity;
  let high = -Infinity;
  for (const e of grid)
    if (Number.isFinite(e)) {
      low = Math.min(low, e);
      high = Math.max(high, e);
    }
  return low > high ? undefined : { low, high };
}

/**
 * One range for all grids: all of it where their spans are alike; otherwise without the outermost per cent of the points, and four
 * times as wide as the median panel, where most points lie, widened so that every panel shows most of its points unless it lies far
 * away. Undefined when nothing is finite.
 */
export function sharedRange(grids: readonly Float32Array[]): EnergyRange | undefined {
  const ranges = grids.flatMap((grid) => fullRange(grid) ?? []);
  if (ranges.length === 0) return undefined;
  const low = Math.min(...ranges.map((range) => range.low));
  const high = Math.max(...ranges.map((range) => range.high));
  const spans = Float32Array.from(grids, (grid) => span(sorted([grid])))
    .filter(Number.isFinite)
    .sort();
  const most = widest * quantile(spans, 0.5);
  if (!(most > 0) || high - low <= most) return { low, high };
  const values = sorted(grids);
  const inner = { low: quantile(values, 0.01), high: quantile(values, 0.99) };
  if (inner.high - inner.low <= most) return inner;
  const window = densest(values, most);
  return grids.reduce((range, grid) => {
    const own = sorted([grid]);
    const wider = { low: Math.min(range.low, quantile(own, 0.05)), high: Math.max(range.high, quantile(own, 0.95)) };
    return wider.high - wider.low <= widest * most ? wider : range;
  }, window);
}

const span = (values: Float32Array): number => quantile(values, 0.99) - quantile(values, 0.01);

/** The window of that width which holds the most values. */
function densest(values: Float32Array, width: number): EnergyRange {
  let best = { count: 0, low: values[0] ?? 0 };
  let end = 0;
  for (let start = 0; start < values.length; start++) {
    const low = values[start] ?? 0;
    while (end < values.length && (values[end] ?? 0) <= low + width) end++;
    if (end - start > best.count) best = { count: end - start, low };
  }
  return { low: best.low, high: best.low + width };
}
