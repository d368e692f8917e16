/**
 * PyTorch, where there is one. Its threads wait for each other by spinning, which is best on an idle machine; where others compute too
 * it costs several times the work itself. So before each case the way of waiting that is faster at the moment is found.
 */
import { interleave } from './interleave';
import { type Bench, type Peer, python, theirWorker, words } from './peer';
import { stepCase } from './plan';
import { timeOf } from './rows';

export interface Reference {
  /** How to open workers for one case, decided now. */
  choose(): Promise<() => Promise<Peer>>;
  close(): void;
}

const waits = [
  { how: 'spinning', environment: {} },
  { how: 'asleep', environment: { OMP_WAIT_POLICY: 'PASSIVE', GOMP_SPINCOUNT: '0' } },
] as const;

const trial = stepCase({ engine: 'tensorflow', precision: 'float32', model: 'convnet' }, 'pgd-at', 64);

/** Undefined, and said, where PyTorch cannot be imported. */
export async function findReference(bench: Bench): Promise<Reference | undefined> {
  const peers: Peer[] = [];
  const close = () => {
    for (const peer of peers) peer.close();
  };
  try {
    for (const { environment } of waits) peers.push(await bench.open(theirWorker(), environment));
  } catch (error) {
    close();
    const remedy = `LOWLAND_PYTHON names a Python that has torch; here that is '${python()}'`;
    bench.say(`The comparison with PyTorch is left out: ${words(error).replace(/\.$/, '')} (${remedy}).`);
    return undefined;
  }
  return {
    async choose() {
      const racers = peers.map(({ ask }, i) => ({
        ...(waits[i] ?? waits[0]),
        side: 'theirs' as const,
        warmUps: 1,
        ask: (round: number) => ask({ case: trial, round, layout: 'channels_last' }),
      }));
      const samples = await interleave(racers, { rounds: 3 });
      const [best = waits[0]] = racers
        .map((racer) => ({ ...racer, samples: samples.get(racer) ?? [] }))
        .filter((racer) => racer.samples.length > 0)
        .sort((a, b) => timeOf(a) - timeOf(b));
      bench.say(`PyTorch's threads wait ${best.how}, which is the faster way now.`);
      return () => bench.open(theirWorker(), best.environment);
    },
    close,
  };
}
