/** Runs the planned cases, each in processes of its own, ours and PyTorch's interleaved, and gives a row for each. */
import type { EngineId } from '../../core/engine/engine';
import type { Settings } from './arguments';
import { type Contender, interleave } from './interleave';
import { type Bench, ourWorker, words } from './peer';
import { type BenchCase, hasReference, planCases } from './plan';
import type { Greeting, Layout, Sample } from './protocol';
import { type Way, findReference } from './reference';
import { type Row, rowOf } from './rows';

/** A quick comparison ends within four minutes: later cases get fewer rounds. */
const QUICK_MS = 200_000;
/** The layout that is the faster one of nearly all cases: a quick comparison has no time for both. */
const quickLayout: Layout = 'channels_last';

interface Racer extends Contender {
  readonly layout?: Layout;
  readonly version: string;
}

/** Rows as they come. What cannot be timed here is left out, and said once. */
export async function* runBench(settings: Settings, bench: Bench): AsyncGenerator<Row> {
  const engines = await engineGreetings(settings, bench);
  const all = settings.against ? await findReference(bench) : [];
  const reference = settings.quick ? all.filter(({ layout }) => layout === quickLayout) : all;
  const cases = planCases({ ...settings, engines: [...engines.keys()] }).filter(
    ({ engine, precision }) => engines.get(engine)?.precisions.includes(precision) ?? false,
  );
  const began = performance.now();
  let peak: number | undefined;
  for (const [i, each] of cases.entries()) {
    const left = settings.quick ? QUICK_MS - (performance.now() - began) : Infinity;
    const until = performance.now() + left / (cases.length - i);
    if (left < 0) {
      bench.say(`${describe(each)} is left out: the time of a quick run is over.`);
      continue;
    }
    try {
      const row = each.kind === 'start' ? await startUp(each, settings, bench) : await timeCase(each, reference, { rounds: settings.rounds, until, peak }, bench); // prettier-ignore
      if (each.kind === 'peak') peak = row.gflops;
      else yield row;
    } catch (error) {
      bench.say(`${describe(each)} is left out: ${words(error)}`);
    }
  }
}

const describe = ({ name, model, engine, precision, batch }: BenchCase): string =>
  `${name} of ${model} at batch ${batch} on ${engine} in ${precision}`;

/** The engines that open here, with what they say of themselves. */
async function engineGreetings({ engines, precisions }: Settings, bench: Bench): Promise<Map<EngineId, Greeting>> {
  const found = new Map<EngineId, Greeting>();
  for (const engine of engines) {
    try {
      const peer = await bench.open(ourWorker(engine));
      peer.close();
      found.set(engine, peer.greeting);
      for (const precision of precisions)
        if (!peer.greeting.precisions.includes(precision)) bench.say(`${engine} does not compute in ${precision}.`);
    } catch (error) {
      bench.say(`${engine} is left out: ${words(error)}`);
    }
  }
  return found;
}

interface Limits {
  readonly rounds: number;
  readonly until: number;
  readonly peak: number | undefined;
}

/** Rounds in which an engine records, checks and warms up; a sampler or a plane calls its step often within one. */
const ownWarmUps = ({ kind }: BenchCase): number => (kind === 'sgld' || kind === 'plane' ? 1 : 3);
const theirWarmUps = ({ kind, objective }: BenchCase): number => (kind === 'step' && objective !== 'jeat' ? 2 : 1);

async function timeCase(each: BenchCase, reference: readonly Way[], { rounds, until, peak }: Limits, bench: Bench) {
  const ways = hasReference(each) ? reference : [];
  const opening = [bench.open(ourWorker(each.engine)), ...ways.map((way) => way.open())];
  try {
    const racers = (await Promise.all(opening)).map(({ greeting, ask }, i): Racer => {
      const layout = ways[i - 1]?.layout;
      return {
        side: layout ? 'theirs' : 'ours',
        version: greeting.version,
        warmUps: layout ? theirWarmUps(each) : ownWarmUps(each),
        ask: (round) => ask({ case: each, round, ...(layout ? { layout } : {}) }),
        ...(layout ? { layout } : {}),
      };
    });
    bench.say(describe(each));
    const samples = await interleave(racers, { rounds, until });
    const timed = racers.map((racer) => ({ ...racer, samples: samples.get(racer) ?? [] }));
    const [ours] = timed;
    if (!ours) throw new Error('our worker is the first');
    const theirs = timed.flatMap((racer) => (racer.layout ? [{ ...racer, layout: racer.layout }] : []));
    return rowOf(each, ours, theirs, peak);
  } finally {
    for (const peer of await Promise.allSettled(opening)) if (peer.status === 'fulfilled') peer.value.close();
  }
}

/** From launching a process to its open engine. */
async function startUp(each: BenchCase, { rounds }: Settings, bench: Bench): Promise<Row> {
  bench.say(describe(each));
  const samples: Sample[] = [];
  let version = '';
  for (let round = 0; round < rounds; round++) {
    const began = performance.now();
    const peer = await bench.open(ourWorker(each.engine));
    samples.push({ ms: performance.now() - began, rss_mb: 0 });
    version = peer.greeting.version;
    peer.close();
  }
  return rowOf(each, { samples, version }, []);
}
