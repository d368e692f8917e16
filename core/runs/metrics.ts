/** The metrics in a run's events: series by name, and the best and last value of each. */
import type { RunEvent } from './events';

export interface MetricPoint {
  readonly step: number;
  readonly t: number;
  readonly value: number;
}

export interface MetricSummary {
  readonly last: number;
  readonly step: number;
  /** Highest accuracy, lowest loss; absent where neither direction is better. */
  readonly best?: { readonly value: number; readonly step: number };
}

const bookkeeping = new Set(['seq', 't', 'step', 'epoch', 'attempt', 'badStep', 'fromStep']);

/** Every numeric field of the events as a series, in the order of first appearance. */
export function metricSeries(events: readonly RunEvent[]): Map<string, MetricPoint[]> {
  const series = new Map<string, MetricPoint[]>();
  for (const event of events)
    for (const [name, value] of Object.entries(event)) {
      if (typeof value !== 'number' || bookkeeping.has(name)) continue;
      const points = series.get(name) ?? [];
      points.push({ step: event.step, t: event.t, value });
      series.set(name, points);
    }
  return series;
}

export function summarise(points: readonly MetricPoint[], name: string): MetricSummary | undefined {
  const last = points.at(-1);
  if (!last) return undefined;
  const sign = /accuracy/i.test(name) ? 1 : /^(loss|ce)$/.test(name) ? -1 : 0;
  if (sign === 0) return { last: last.value, step: last.step };
  const best = points.reduce((a, b) => (sign * b.value > sign * a.value ? b : a));
  return { last: last.value, step: last.step, best: { value: best.value, step: best.step } };
}

/** Best and last of every metric. */
export function metricSummaries(events: readonly RunEvent[]): Record<string, MetricSummary> {
  const found = [...metricSeries(events)].flatMap(([name, points]) => {
    const summary = summarise(points, name);
    return summary ? [[name, summary] as const] : [];
  });
  return Object.fromEntries(found);
}
