/**
 * AutoAttack standard on published nets beside torchattacks, batch by batch in turn. Every second counts, that of recording the compiled
 * steps too; a short trial first chooses how PyTorch's threads had best wait.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { textTable } from '../../core/cli/table';
import { loadDataset } from '../../core/data/load';
import { AppError } from '../../core/lib/errors';
import { dataFolder, packageRoot } from '../../core/lib/paths';
import { u } from '../models/formula';
import type { Settings } from './arguments';
import { type Bench, type Peer, ourWorker, words } from './peer';
import type { BenchCase, Judged } from './plan';
import type { Layout, Sample } from './protocol';
import { type Way, findReference } from './reference';

/** Times are of 1,000 images; `robust` is the share of them that is right after all attacks. */
export interface AutoattackRow {
  readonly name: string;
  readonly model: string;
  /** 'published' weights and 'cifar10' images, or 'formula' ones, with their own predictions as labels. */
  readonly weights: string;
  readonly images: string;
  readonly eps: number;
  readonly engine: string;
  readonly precision: string;
  readonly batch: number;
  readonly count: number;
  readonly ours_seconds: number;
  readonly theirs_seconds?: number;
  readonly ratio?: number;
  readonly ours_robust: number;
  readonly theirs_robust?: number;
  readonly ours_rss_mb: number;
  readonly theirs_rss_mb?: number;
  readonly ours_version: string;
  readonly theirs_version?: string;
}

const eps = 2 / 255;
const size = 32 * 32 * 3;
/** Where a checkout's neighbours keep published nets. */
const published = path.join(packageRoot, '../shared/data/robust-cifar10-small');

export async function benchAutoattack(settings: Settings, bench: Bench): Promise<AutoattackRow[]> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'lowland-bench-'));
  try {
    // torchattacks' FAB refuses images in channels_last layout
    const ways = (await findReference(bench)).filter(({ layout }) => layout === 'contiguous');
    const rows: AutoattackRow[] = [];
    for (const engine of settings.engines)
      for (const precision of settings.precisions.filter((each) => each === 'float32'))
        for (const model of settings.models)
          for (const batch of settings.batches) {
            const count = settings.rounds * batch;
            const { judged, about } = await subject(model, count, folder);
            const each: BenchCase = { name: 'autoattack standard', kind: 'autoattack', attackSteps: 0, sgldSteps: 0, chains: 0, engine, precision, model, batch, judged }; // prettier-ignore
            rows.push({ ...about, ...(await timed(each, judged, settings.rounds, ways, bench)) });
          }
    return rows;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The files that both sides read. */
async function subject(
  model: string,
  count: number,
  folder: string,
): Promise<{ judged: Judged; about: { weights: string; images: string } }> {
  const weights = ['.pth', '.model'].map((end) => path.join(published, model + end)).find(existsSync) ?? '';
  const data = await loadDataset('cifar10', { dataFolder: dataFolder() }).catch((error: unknown) => {
    if (error instanceof AppError) return undefined;
    throw error;
  });
  const images = path.join(folder, `${model}-${count}`);
  const test = data?.splits.test;
  await writeFile(images, Buffer.concat(Array.from({ length: count }, (_, i) => imageRow(i, test))));
  return {
    judged: { weights, images, eps, trial: 0 },
    about: { weights: weights ? 'published' : 'formula', images: test ? 'cifar10' : 'formula' },
  };
}

/** A label, then an image of 32 x 32 x 3 bytes. */
function imageRow(i: number, split: { labels: Int32Array; pixels: Uint8Array | Float32Array } | undefined): Buffer {
  if (!split)
    return Buffer.concat([
      Buffer.of(i % 10),
      Buffer.from(u(`image${i}`, size).map((n) => Math.round(255 * (n + 0.5)))),
    ]);
  const pixels = split.pixels.subarray(i * size, (i + 1) * size);
  const bytes = pixels instanceof Uint8Array ? pixels : Uint8Array.from(pixels, (value) => Math.round(255 * value));
  return Buffer.concat([Buffer.of(split.labels[i] ?? 0), bytes]);
}

async function timed(each: BenchCase, judged: Judged, rounds: number, ways: readonly Way[], bench: Bench) {
  const ours = await bench.open(ourWorker(each.engine));
  const theirs = await fastest(each, judged, ways, bench);
  try {
    const samples: { ours: Sample[]; theirs: Sample[] } = { ours: [], theirs: [] };
    for (let round = 0; round < rounds; round++) {
      samples.ours.push(await ours.ask({ case: each, round }));
      if (theirs) samples.theirs.push(await theirs.peer.ask({ case: each, round, layout: theirs.layout }));
      bench.say(`${each.name} of ${each.model}: ${round + 1} of ${rounds} batches, ${said(samples.ours)} s${theirs ? ` and ${said(samples.theirs)} s` : ''}`); // prettier-ignore
    }
    const { name, model, engine, precision, batch } = each;
    const count = rounds * batch;
    const mine = summed(samples.ours, count);
    const other = theirs ? summed(samples.theirs, count) : undefined;
    return {
      ...{ name, model, eps, engine, precision, batch, count },
      ...{
        ours_seconds: mine.seconds,
        ours_robust: mine.robust,
        ours_rss_mb: mine.rss,
        ours_version: ours.greeting.version,
      },
      ...(other && theirs
        ? {
            theirs_seconds: other.seconds,
            ratio: Number((mine.seconds / other.seconds).toFixed(3)),
            ...{ theirs_robust: other.robust, theirs_rss_mb: other.rss, theirs_version: theirs.peer.greeting.version },
          }
        : {}),
    };
  } finally {
    ours.close();
    theirs?.peer.close();
  }
}

/** PyTorch with the threads that do a short APGD fastest; undefined, and said, where it cannot. */
async function fastest(
  each: BenchCase,
  judged: Judged,
  ways: readonly Way[],
  bench: Bench,
): Promise<{ peer: Peer; layout: Layout } | undefined> {
  let best: { peer: Peer; layout: Layout; ms: number } | undefined;
  const trial: BenchCase = { ...each, judged: { ...judged, trial: 10 } };
  for (const { layout, open } of ways) {
    try {
      const peer = await open();
      await peer.ask({ case: trial, round: 0, layout });
      const { ms } = await peer.ask({ case: trial, round: 0, layout });
      const [better, worse] = !best || ms < best.ms ? [{ peer, layout, ms }, best?.peer] : [best, peer];
      worse?.close();
      best = better;
    } catch (error) {
      bench.say(`The comparison with torchattacks is left out: ${words(error)}`);
      return undefined;
    }
  }
  return best;
}

const secondsOf = (samples: readonly Sample[]): number => samples.reduce((sum, { ms }) => sum + ms, 0) / 1000;
const said = (samples: readonly Sample[]): string => secondsOf(samples).toFixed(1);
const summed = (samples: readonly Sample[], count: number) => ({
  seconds: Number(((1000 * secondsOf(samples)) / count).toFixed(1)),
  robust: samples.reduce((sum, { standing = 0 }) => sum + standing, 0) / count,
  rss: Math.max(...samples.map(({ rss_mb }) => rss_mb)),
});

const columns = ['case', 'model', 'engine', 'images', 's / 1,000', 'PyTorch s / 1,000', 'ratio', 'robust', 'PyTorch robust']; // prettier-ignore
export const autoattackTable = (rows: readonly AutoattackRow[]): string =>
  textTable(
    columns,
    rows.map((row) => [
      ...[row.name, `${row.model} (${row.weights})`, row.engine, `${row.count} of ${row.images}`],
      ...[row.ours_seconds.toFixed(1), row.theirs_seconds?.toFixed(1) ?? '', row.ratio?.toFixed(2) ?? ''],
      ...[row.ours_robust.toFixed(3), row.theirs_robust?.toFixed(3) ?? ''],
    ]),
  );
