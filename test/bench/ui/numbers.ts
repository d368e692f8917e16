/** Medians and percentiles of measurements. */
export function percentile(values: readonly number[], fraction: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(fraction * sorted.length))] ?? NaN;
}
export const median = (values: readonly number[]): number => percentile(values, 0.5);
