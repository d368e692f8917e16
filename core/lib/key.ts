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
