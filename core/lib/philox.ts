/**
 * Philox 4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"): word i of a key's sequence is a pure
 * function of (key, step, i). Host side; engines draw the same words where they can.
 */
import { type Key, keyWords } from './key';

const M0 = 0xd2511f53;
const M1 = 0xcd9e8d57;
const W0 = 0x9e3779b9;
const W1 = 0xbb67ae85;

/** High 32 bits of the product of two unsigned 32-bit words. */
function mulHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const carry = (middle & 0xffff) + aLow * bHigh;
  return (aHigh * bHigh + Math.floor(middle / 0x10000) + Math.floor(carry / 0x10000)) >>> 0;
}

/** One block of four words for counter (block, step, 0, 0). */
export function philoxBlock(k0: number, k1: number, block: number, step: number, out: Uint32Array, at: number): void {
  let c0 = block >>> 0;
  let c1 = step >>> 0;
  let c2 = 0;
  let c3 = 0;
  let a = k0;
  let b = k1;
  for (let round = 0; round < 10; round++) {
    const h0 = mulHigh(M0, c0);
    const h1 = mulHigh(M1, c2);
    const n0 = (h1 ^ c1 ^ a) >>> 0;
    const n2 = (h0 ^ c3 ^ b) >>> 0;
    c1 = Math.imul(M1, c2) >>> 0;
    c3 = Math.imul(M0, c0) >>> 0;
    c0 = n0;
    c2 = n2;
    a = (a + W0) >>> 0;
    b = (b + W1) >>> 0;
  }
  out[at] = c0;
  out[at + 1] = c1;
  out[at + 2] = c2;
  out[at + 3] = c3;
}

/** The first `size` words of the key's sequence. */
export function words(key: Key, size: number): Uint32Array {
  const [k0, k1] = keyWords(key);
  const padded = new Uint32Array(Math.ceil(size / 4) * 4);
  for (let i = 0; i < padded.length; i += 4) philoxBlock(k0, k1, i / 4, key.step, padded, i);
  return padded.subarray(0, size);
}

/** `size` floats uniform in [0, 1), each a multiple of 2^-24. */
export function uniforms(key: Key, size: number): Float32Array {
  return Float32Array.from(words(key, size), (word) => (word >>> 8) * 2 ** -24);
}

/** `size` standard normals by Box-Muller; word pairs (2i, 2i+1) give values (2i, 2i+1). */
export function normals(key: Key, size: number): Float32Array {
  const source = words(key, size + (size & 1));
  const out = new Float32Array(source.length);
  for (let i = 0; i < source.length; i += 2) {
    const radius = Math.sqrt(-2 * Math.log(((source[i] ?? 0) + 0.5) * 2 ** -32));
    const angle = 2 * Math.PI * ((source[i + 1] ?? 0) >>> 8) * 2 ** -24;
    out[i] = radius * Math.cos(angle);
    out[i + 1] = radius * Math.sin(angle);
  }
  return out.subarray(0, size);
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
  return Uint32Array.from(words(key, size), (word) => Math.floor((word / 2 ** 32) * below));
}
