/**
 * Philox 4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"): word i of a key's sequence is a pure
 * function of (key, step, i). Host side; engines draw the same words where they can.
 */
import { boxMuller } from './box-muller';
import { type Key, keyWords } from './key';

const M0 = 0xd2511f53;
const M1 = 0xcd9e8d57;
const W0 = 0x9e3779b9;
const W1 = 0xbb67ae85;

/** High 32 bits of the product of two unsigned 32-bit words, by halves: no intermediate exceeds 32 bits. */
function mulHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = (Math.imul(aHigh, bLow) + (Math.imul(aLow, bLow) >>> 16)) | 0;
  const carry = ((middle & 0xffff) + Math.imul(aLow, bHigh)) | 0;
  return (Math.imul(aHigh, bHigh) + (middle >>> 16) + (carry >>> 16)) | 0;
}

export type Counter = readonly [number, number, number, number];

/** The block of four words that a counter and a key (k0, k1) give, written to `out` from `at`. */
export function philox(counter: Counter, k0: number, k1: number, out: Uint32Array, at: number): void {
  let c0 = counter[0] | 0;
  let c1 = counter[1] | 0;
  let c2 = counter[2] | 0;
  let c3 = counter[3] | 0;
  let a = k0 | 0;
  let b = k1 | 0;
  for (let round = 0; round < 10; round++) {
    const h0 = mulHigh(M0, c0);
    const h1 = mulHigh(M1, c2);
    const l0 = Math.imul(M0, c0);
    const l1 = Math.imul(M1, c2);
    c0 = h1 ^ c1 ^ a;
    c1 = l1;
    c2 = h0 ^ c3 ^ b;
    c3 = l0;
    a = (a + W0) | 0;
    b = (b + W1) | 0;
  }
  out[at] = c0;
  out[at + 1] = c1;
  out[at + 2] = c2;
  out[at + 3] = c3;
}

/** The first `size` words of the key's sequence: blocks of the counters (0, step, 0, 0), (1, step, 0, 0), … */
export function words(key: Key, size: number): Uint32Array {
  const [k0, k1] = keyWords(key);
  const padded = new Uint32Array(Math.ceil(size / 4) * 4);
  for (let i = 0; i < padded.length; i += 4) philox([i / 4, key.step, 0, 0], k0, k1, padded, i);
  return padded.subarray(0, size);
}

/** `size` floats uniform in [0, 1), each a multiple of 2^-24. */
export function uniforms(key: Key, size: number): Float32Array {
  const source = words(key, size);
  const out = new Float32Array(size);
  for (let i = 0; i < size; i++) out[i] = ((source[i] ?? 0) >>> 8) * 2 ** -24;
  return out;
}

/** `size` standard normals by Box-Muller; word pairs (2i, 2i+1) give values (2i, 2i+1). */
export function normals(key: Key, size: number): Float32Array {
  return boxMuller(words(key, size + (size & 1))).subarray(0, size);
}

/** A permutation of 0..size-1 (Fisher-Yates on the key's words). */
export function permutation(key: Key, size: number): Uint32Array {
  const order = Uint32Array.from({ length: size }, (_, i) => i);
  const source = words(key, size);
  for (let i = size - 1; i > 0; i--) {
    const j = Math.floor(((source[i] ?? 0) / 2 ** 32) * (i + 1));
    const kept = order[i] ?? 0;
    order[i] = order[j] ?? 0;
    order[j] = kept;
  }
  return order;
}

/** `size` whole numbers, uniform in 0..below-1. */
export function integers(key: Key, size: number, below: number): Uint32Array {
  return words(key, size).map((word) => Math.floor((word / 2 ** 32) * below));
}
