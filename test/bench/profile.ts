/**
 * Where the time of a case goes: oneDNN, which does the convolutions and products of TensorFlow and of PyTorch, logs each of its primitives
 * with its milliseconds; what is left of a round is everything else. Primitives of parts that run at once add up to more than passed.
 */
import { textTable } from '../../core/cli/table';
import type { Settings } from './arguments';
import { type Bench, type Peer, ourWorker, theirWorker } from './peer';
import { type BenchCase, hasReference, planCases } from './plan';
import type { Layout } from './protocol';

export interface ProfileRow {
  readonly name: string;
  readonly model: string;
  readonly precision: string;
  readonly batch: number;
  readonly side: 'ours' | 'PyTorch';
  /** Of a round, with the log, which costs a little itself. */
  readonly ms: number;
  /** Of a round, the longest first. */
  readonly primitives: readonly { readonly kind: string; readonly calls: number; readonly ms: number }[];
}

const warmUps = 3;
/** Layout of the quicker PyTorch in nearly all cases. */
const layout: Layout = 'channels_last';

/** 'convolution backward_weights', and its milliseconds; undefined for a line that says something else. */
export function primitiveOf(line: string): { kind: string; ms: number } | undefined {
  const fields = line.split(',');
  const at = fields.indexOf('exec');
  const ms = Number(fields.at(-1));
  if (!line.startsWith('onednn_verbose') || at < 0 || !Number.isFinite(ms)) return undefined;
  const [, , kind = '', , propagation = ''] = fields.slice(at);
  return { kind: propagation === 'undef' || propagation === '' ? kind : `${kind} ${propagation}`, ms };
}

export async function profile(settings: Settings, bench: Bench): Promise<ProfileRow[]> {
  const cases = planCases(settings).filter(({ kind }) => kind === 'step' || kind === 'sgld' || kind === 'pgd');
  const rows: ProfileRow[] = [];
  for (const each of cases.filter(({ engine }) => engine === 'tensorflow')) {
    bench.say(`${each.name} of ${each.model} at batch ${each.batch} in ${each.precision}`);
    rows.push(await profiled(each, 'ours', settings.rounds, bench));
    if (settings.against && hasReference(each)) rows.push(await profiled(each, 'PyTorch', settings.rounds, bench));
  }
  return rows;
}

async function profiled(each: BenchCase, side: ProfileRow['side'], rounds: number, bench: Bench): Promise<ProfileRow> {
  const spent = new Map<string, { calls: number; ms: number }>();
  let listening = false;
  const heard = (line: string) => {
    const found = listening ? primitiveOf(line) : undefined;
    if (!found) return;
    const { calls, ms } = spent.get(found.kind) ?? { calls: 0, ms: 0 };
    spent.set(found.kind, { calls: calls + 1, ms: ms + found.ms });
  };
  const command = side === 'ours' ? ourWorker(each.engine) : theirWorker();
  const peer: Peer = await bench.open(command, { ONEDNN_VERBOSE: '1' }, heard);
  try {
    const ask = (round: number) =>
      peer.ask({ case: each, round, ...(side === 'PyTorch' ? { layout } : {}) }).then(({ ms }) => ms);
    for (let round = 0; round < warmUps; round++) await ask(round);
    listening = true;
    let ms = 0;
    for (let round = 0; round < rounds; round++) ms += await ask(warmUps + round);
    const { name, model, precision, batch } = each;
    const primitives = [...spent].map(([kind, { calls, ms: own }]) => ({
      kind,
      calls: calls / rounds,
      ms: own / rounds,
    }));
    return { name, model, precision, batch, side, ms: ms / rounds, primitives: primitives.sort((a, b) => b.ms - a.ms) };
  } finally {
    peer.close();
  }
}

export const profileTable = (rows: readonly ProfileRow[]): string =>
  textTable(
    ['case', 'model', 'precision', 'batch', 'side', 'primitive', 'calls', 'ms', '% of the round'],
    rows.flatMap(({ name, model, precision, batch, side, ms, primitives }) => {
      const about = [name, model, precision, String(batch), side];
      const share = (part: number) => ((100 * part) / ms).toFixed(1);
      return [
        [...about, 'whole round', '', ms.toFixed(1), ''],
        ...primitives.map(({ kind, calls, ms: own }) => [...about, kind, calls.toFixed(0), own.toFixed(1), share(own)]),
      ];
    }),
  );
