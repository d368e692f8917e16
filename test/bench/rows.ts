/** Results: a row for each case, as JSON and as a table. */
import * as v from 'valibot';
import { textTable } from '../../core/cli/table';
import { engineIds, precisions } from '../../core/engine/engine';
import { type BenchCase, caseKinds, gflop } from './plan';
import { type Layout, type Sample, layouts } from './protocol';
import { median } from './statistics';

const positive = v.pipe(v.number(), v.minValue(0));
/** Times are medians of a round's milliseconds, memory the most that a process of its own held, in MiB. */
export const rowSchema = v.object({
  name: v.string(),
  kind: v.picklist(caseKinds),
  engine: v.picklist(engineIds),
  model: v.string(),
  precision: v.picklist(precisions),
  batch: positive,
  rounds: positive,
  ours_ms: positive,
  ours_rss_mb: positive,
  /** The faster layout's, where there is a reference; ratio is ours / theirs. */
  theirs_ms: v.optional(positive),
  theirs_rss_mb: v.optional(positive),
  theirs_layout: v.optional(v.picklist(layouts)),
  ratio: v.optional(positive),
  /** Our GFLOP/s, and those of a product of large matrices on the same engine in the same precision. */
  gflops: v.optional(positive),
  peak_gflops: v.optional(positive),
  ours_version: v.string(),
  theirs_version: v.optional(v.string()),
});
export type Row = v.InferOutput<typeof rowSchema>;

export interface Timed {
  readonly samples: readonly Sample[];
  readonly version: string;
}

/** The row of a case from our samples and from those of PyTorch in each layout. */
export function rowOf(
  each: BenchCase,
  ours: Timed,
  theirs: readonly (Timed & { readonly layout: Layout })[],
  peak?: number,
): Row {
  const { name, kind, engine, model, precision, batch } = each;
  const ours_ms = timeOf(ours);
  const work = gflop(each);
  const [best] = theirs.filter(({ samples }) => samples.length > 0).sort((a, b) => timeOf(a) - timeOf(b));
  return {
    ...{ name, kind, engine, model, precision, batch, rounds: ours.samples.length },
    ours_ms: round(ours_ms, 2),
    ...(best ? { theirs_ms: round(timeOf(best), 2), ratio: round(ours_ms / timeOf(best), 3) } : {}),
    ours_rss_mb: memoryOf(ours),
    ...(best ? { theirs_rss_mb: memoryOf(best), theirs_layout: best.layout } : {}),
    ...(work === undefined ? {} : { gflops: round((work / ours_ms) * 1000, 1) }),
    ...(work === undefined || peak === undefined ? {} : { peak_gflops: round(peak, 1) }),
    ours_version: ours.version,
    ...(best ? { theirs_version: best.version } : {}),
  };
}

export const timeOf = ({ samples }: Pick<Timed, 'samples'>): number => median(samples.map(({ ms }) => ms));
const memoryOf = ({ samples }: Timed): number => Math.max(0, ...samples.map(({ rss_mb }) => rss_mb));
const round = (value: number, digits: number): number => Number(value.toFixed(digits));

export const columns = ['case', 'model', 'engine', 'precision', 'batch', 'ms', 'PyTorch ms', 'ratio', 'MiB', 'PyTorch MiB', 'GFLOP/s', 'peak GFLOP/s',] as const; // prettier-ignore

/** The cells of a row under `columns`; empty where a case has no such value. */
export function cellsOf(row: Row): string[] {
  const { name, model, engine, precision, batch, ours_ms, theirs_ms, ratio, ours_rss_mb, theirs_rss_mb } = row;
  return [
    name,
    model === '-' ? '' : model,
    engine,
    precision,
    String(batch),
    ours_ms.toFixed(1),
    theirs_ms?.toFixed(1) ?? '',
    ratio?.toFixed(2) ?? '',
    ours_rss_mb === 0 ? '' : String(ours_rss_mb),
    theirs_rss_mb === undefined ? '' : String(theirs_rss_mb),
    row.gflops?.toFixed(0) ?? '',
    row.peak_gflops?.toFixed(0) ?? '',
  ];
}

export const tableOf = (rows: readonly Row[]): string => textTable(columns, rows.map(cellsOf));
