/** Damaged weights files, from whole ones and a seed: bits, numbers and pieces changed, in the bytes or inside an archive's members. */
import { unzipSync, zipSync } from 'fflate';
import { keyWords } from '../../core/lib/key';
import { philox } from '../../core/lib/philox';

/** Whole numbers below n, one after the other, that depend on (seed, step) alone. */
function draws(seed: number, step: number): (n: number) => number {
  const [k0, k1] = keyWords({ seed, stream: 'mutate', step });
  const words = new Uint32Array(4);
  let drawn = 0;
  return (n) => {
    if (drawn % 4 === 0) philox([drawn / 4, step, 0, 0], k0, k1, words, 0);
    return Math.floor(((words[drawn++ % 4] ?? 0) / 2 ** 32) * n);
  };
}

/** Where counts, lengths and places go wrong. */
const numbers = [0, 1, -1, 2, 127, 128, 255, 256, 65535, 2 ** 31 - 1, -(2 ** 31), 2 ** 32 - 1, 2 ** 53, -(2 ** 63)];
type Change = (bytes: Buffer, below: (n: number) => number, other: Uint8Array) => Buffer;

/** A piece of at most 64 bytes, or of any length. */
const piece = (bytes: Uint8Array, below: (n: number) => number): Uint8Array => {
  const from = below(bytes.length);
  return bytes.subarray(from, from + 1 + below(below(4) === 0 ? bytes.length : 64));
};
const replaced = (bytes: Buffer, from: number, size: number, by: Uint8Array): Buffer =>
  Buffer.concat([bytes.subarray(0, from), by, bytes.subarray(from + size)]);

const changes: readonly Change[] = [
  (bytes, below) => {
    const at = below(bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << below(8));
    return bytes;
  },
  (bytes, below) => {
    bytes[below(bytes.length)] = below(256);
    return bytes;
  },
  (bytes, below) => {
    const value = Buffer.alloc(8);
    value.writeBigInt64LE(BigInt.asIntN(64, BigInt(numbers[below(numbers.length)] ?? 0)));
    const width = [1, 2, 4, 8][below(4)] ?? 1;
    return replaced(bytes, below(bytes.length), width, value.subarray(0, width));
  },
  (bytes, below) => bytes.subarray(0, below(bytes.length)),
  (bytes, below) => {
    const gone = piece(bytes, below);
    return replaced(bytes, bytes.indexOf(gone), gone.length, new Uint8Array());
  },
  (bytes, below) => replaced(bytes, below(bytes.length), 0, Buffer.from(piece(bytes, below))),
  (bytes, below) => {
    const again = Buffer.from(piece(bytes, below));
    return replaced(bytes, below(bytes.length), again.length, again);
  },
  (bytes, below, other) => replaced(bytes, below(bytes.length), below(64), Buffer.from(piece(other, below))),
  (bytes, below) => {
    const digits = [...bytes.subarray(0, 4096).entries()].filter(([, byte]) => byte >= 0x30 && byte <= 0x39);
    const [at = 0] = digits[below(Math.max(1, digits.length))] ?? [];
    return replaced(bytes, at, 1, Buffer.from(String(numbers[below(numbers.length)])));
  },
];

function changed(bytes: Uint8Array, below: (n: number) => number, other: Uint8Array): Uint8Array {
  let now: Buffer = Buffer.from(bytes);
  for (let i = 1 + below(3); i > 0 && now.length > 0; i--) {
    const change = changes[below(changes.length)];
    if (change) now = change(now, below, other);
  }
  return now;
}

/** The file number `step` of `seed`, with the index of the whole one that it came from. */
export function mutated(whole: readonly Uint8Array[], seed: number, step: number): { bytes: Uint8Array; from: number } {
  const below = draws(seed, step);
  const from = below(whole.length);
  const [bytes = new Uint8Array(), other = new Uint8Array()] = [whole[from], whole[below(whole.length)]];
  const isZip = bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3;
  // outside its members an archive's sums find most changes; inside, the archive is made anew
  if (!isZip || below(4) === 0) return { bytes: new Uint8Array(changed(bytes, below, other)), from };
  const members = Object.entries(unzipSync(bytes));
  const pickle = members.findIndex(([name]) => name.endsWith('data.pkl'));
  const chosen = pickle >= 0 && below(3) > 0 ? pickle : below(members.length);
  const again = members.map(
    ([name, content], i) => [name, i === chosen ? new Uint8Array(changed(content, below, other)) : content] as const,
  );
  const level = below(2) === 0 ? 0 : 6;
  return { bytes: zipSync(Object.fromEntries(again), { level, mtime: new Date(1980, 0, 1) }), from };
}
