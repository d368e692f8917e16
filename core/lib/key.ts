/**
 * Keys of the counter-based generator. A key is (seed, stream, step): the same key gives the same numbers, whatever was drawn
 * before, so a resumed run needs no generator state. Streams are named paths ('attack/start'); step is the counter that moves.
 */
export interface Key {
  readonly seed: number;
  readonly stream: string;
  readonly step: number;
}

export const key = (seed: number, stream: string, step = 0): Key => ({ seed, stream, step });
/** An independent stream below this one. */
export const fork = (parent: Key, name: string | number): Key => ({ ...parent, stream: `${parent.stream}/${name}` });

/** The key that comes `by` later among keys numbered at their end: 'chain/3' -> 'chain/5'. @throws Error for one without a number. */
export function later(at: Key, by: number): Key {
  if (by === 0) return at;
  const [, before, number] = /^(.*\/)(\d+)$/s.exec(at.stream) ?? [];
  if (before === undefined) throw new Error(`the stream '${at.stream}' has no number at its end`);
  return { ...at, stream: `${before}${Number(number) + by}` };
}

/** Two 32-bit words from (seed, stream), by MurmurHash3's finaliser over FNV-1a: the Philox key. */
export function keyWords({ seed, stream }: Key): [number, number] {
  let low = 0x811c9dc5 ^ (seed | 0);
  let high = 0x01000193 ^ Math.floor(seed / 0x1_0000_0000);
  for (let i = 0; i < stream.length; i++) {
    const code = stream.charCodeAt(i);
    low = Math.imul(low ^ code, 0x01000193);
    high = Math.imul(high ^ (code + 0x9e3779b9), 0x85ebca6b) ^ (low >>> 15);
  }
  return [finalise(low), finalise(high ^ low)];
}

function finalise(word: number): number {
  let h = word;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
