/** What the `runs` commands say in words. */
import type { JsonObject } from '../lib/json';
import type { Comparison } from '../runs/compare';
import type { RunState } from '../runs/library';
import type { RunManifest } from '../runs/manifest';
import type { MetricSummary } from '../runs/metrics';
import { duration } from './progress';
import { textTable } from './table';

interface Listed {
  readonly name: string;
  readonly state: string;
  readonly kind?: string;
  readonly updated?: string;
  readonly seconds?: number;
  readonly results?: JsonObject | undefined;
  readonly problem?: string;
}

export function listText(runs: readonly Listed[], root: string): string {
  if (runs.length === 0) return `No runs in ${root}.\nStart one with 'lowland train' or 'lowland demo'.`;
  const rows = runs.map(({ name, state, kind, updated, seconds, results, problem }) => [
    name,
    kind ?? '',
    state,
    percent(results?.clean),
    percent(results?.robust),
    seconds === undefined ? '' : duration(seconds),
    problem ?? updated?.slice(0, 16).replace('T', ' ') ?? '',
  ]);
  return textTable(['name', 'kind', 'state', 'clean', 'robust', 'time', 'updated (UTC)'], rows);
}

type Shown = RunManifest & {
  readonly folder: string;
  readonly state: RunState;
  readonly checkpoints: readonly { step: number; best: boolean }[];
  readonly metrics: Readonly<Record<string, MetricSummary>>;
};

export function showText({
  folder,
  state,
  name,
  kind,
  seed,
  engine,
  timings,
  versions,
  commit,
  configuration,
  checkpoints,
  metrics,
}: Shown): string {
  const steps = checkpoints.map(({ step, best }) => (best ? `${step} (best)` : String(step))).join(', ');
  const facts = [
    ['run', name],
    ['folder', folder],
    ['kind', kind],
    ['state', state === 'interrupted' ? `interrupted; go on with 'lowland train --resume ${folder}'` : state],
    ['seed', String(seed)],
    ['engine', engine],
    [
      'worked',
      `${duration(timings.seconds)} in ${timings.sessions} ${timings.sessions === 1 ? 'session' : 'sessions'}, begun ${timings.created}`,
    ],
    [
      'versions',
      Object.entries({ ...versions, ...(commit ? { commit } : {}) })
        .map(([part, version]) => `${part} ${version}`)
        .join(', '),
    ],
    ['checkpoints', steps || 'none'],
  ].map(([label = '', value]) => `${label.padEnd(12)}${value}`);
  const rows = Object.entries(metrics).map(([metric, summary]) => [metric, number(summary.last), bestText(summary)]);
  return [
    ...facts,
    'configuration',
    indent(JSON.stringify(configuration, null, 2)),
    '',
    textTable(['metric', 'last', 'best'], rows),
  ].join('\n');
}

export function compareText({ runs, differences, metrics }: Comparison): string {
  const options = Object.entries(differences).map(([name, pair]) => [
    name,
    ...pair.map((value) => JSON.stringify(value)),
  ]);
  const values = Object.entries(metrics).map(([name, pair]) => [
    name,
    ...pair.flatMap((each) => [number(each?.last), bestText(each)]),
  ]);
  return [
    options.length > 0 ? textTable(['option', ...runs], options) : 'The two runs were asked to do the same.',
    '',
    textTable(['metric', `${runs[0]}: last`, 'best', `${runs[1]}: last`, 'best'], values),
  ].join('\n');
}

const indent = (text: string): string => text.replace(/^/gm, '  ');
const number = (value: number | undefined): string => (value === undefined ? '' : String(Number(value.toPrecision(5))));
const bestText = (summary: MetricSummary | null): string =>
  summary?.best ? `${number(summary.best.value)} at step ${summary.best.step}` : '';
const percent = (value: unknown): string => (typeof value === 'number' ? `${(100 * value).toFixed(1)}%` : '');
