/** Two runs side by side: only what differs in what they were asked to do, and the metrics that both or either have. */
import { isJsonObject, type Json } from '../lib/json';
import type { RunManifest } from './manifest';
import { type MetricSummary, metricSummaries } from './metrics';
import { readEvents } from './events';
import { readRun } from './library';

export interface Comparison {
  readonly runs: readonly [string, string];
  /** By dotted name, the value in each run; null where a run has none. */
  readonly differences: Readonly<Record<string, readonly [Json, Json]>>;
  readonly metrics: Readonly<Record<string, readonly [MetricSummary | null, MetricSummary | null]>>;
}

export async function compareRuns(a: string, b: string): Promise<Comparison> {
  const [first, second] = await Promise.all([readRun(a), readRun(b)]);
  const [one, two] = [askedOf(first.manifest), askedOf(second.manifest)];
  const [left, right] = (await Promise.all([readEvents(a), readEvents(b)])).map(metricSummaries);
  return {
    runs: [first.manifest.name, second.manifest.name],
    differences: Object.fromEntries(
      Object.entries(pairs(one, two)).filter(([, [x, y]]) => JSON.stringify(x) !== JSON.stringify(y)),
    ),
    metrics: pairs(left ?? {}, right ?? {}),
  };
}

/** What a run was asked to do and with what, by dotted names. */
export function askedOf({
  configuration,
  seed,
  engine,
  kind,
  versions,
  commit,
  parent,
}: RunManifest): Record<string, Json> {
  return flatten({ ...configuration, kind, seed, engine, versions, commit, parent });
}

/** { model: { id: 'wrn' } } -> { 'model.id': 'wrn' }. */
function flatten(value: Json | undefined, prefix = ''): Record<string, Json> {
  if (value === undefined) return {};
  if (!isJsonObject(value)) return { [prefix]: value };
  return Object.assign(
    {},
    ...Object.entries(value).map(([name, inner]) => flatten(inner, prefix ? `${prefix}.${name}` : name)),
  );
}

function pairs<T>(
  one: Readonly<Record<string, T>>,
  two: Readonly<Record<string, T>>,
): Record<string, [T | null, T | null]> {
  const names = [...new Set([...Object.keys(one), ...Object.keys(two)])];
  return Object.fromEntries(names.map((name) => [name, [one[name] ?? null, two[name] ?? null]]));
}
