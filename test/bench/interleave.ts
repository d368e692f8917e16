/**
 * Rounds of several workers in turn, so that the noise of the machine falls on all alike. First each warms up alone: compiled steps
 * record at their first call and are checked at the second, PyTorch chooses its kernels.
 */
import type { Sample } from './protocol';

export interface Contender {
  /** Rounds before the timed ones, at least 1. */
  readonly warmUps: number;
  /** Of contenders with the same one only those near its fastest are timed further. */
  readonly side: 'ours' | 'theirs';
  ask(round: number): Promise<Sample>;
}

export interface Rounds {
  /** At most so many. */
  readonly rounds: number;
  /** Milliseconds on `now` after which no round is begun that there are two of already. */
  readonly until?: number;
}

/** A contender this much slower than its side's fastest in the last warm-up round is not timed further. */
const hopeless = 1.2;
const fewest = 2;

/** The timed samples of each contender; none for one that was given up. */
export async function interleave<C extends Contender>(
  contenders: readonly C[],
  { rounds, until = Infinity }: Rounds,
  now: () => number = () => performance.now(),
): Promise<Map<C, Sample[]>> {
  const warm = new Map<C, number>();
  for (const contender of contenders)
    for (let round = 0; round < contender.warmUps; round++) warm.set(contender, (await contender.ask(round)).ms);
  const fastest = (side: C['side']) =>
    Math.min(...contenders.filter((each) => each.side === side).map((each) => warm.get(each) ?? Infinity));
  const timed = contenders.filter((each) => (warm.get(each) ?? 0) <= hopeless * fastest(each.side));
  const samples = new Map<C, Sample[]>(contenders.map((contender) => [contender, []]));
  let longest = 0;
  for (let round = 0; round < rounds; round++) {
    const began = now();
    if (round >= fewest && began + longest > until) break;
    for (const contender of timed) samples.get(contender)?.push(await contender.ask(contender.warmUps + round));
    longest = Math.max(longest, now() - began);
  }
  return samples;
}
