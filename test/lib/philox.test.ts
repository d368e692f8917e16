/** Philox against the known answers published with Random123, and what the rest of core relies on: keys, ranges, moments. */
import { describe, expect, test } from 'vitest';
import { fork, key, keyWords, later } from '../../core/lib/key';
import { type Counter, integers, normals, permutation, philox, uniforms, words } from '../../core/lib/philox';

/** [counter, key, answer] of philox4x32-10 in Random123's kat_vectors. */
const knownAnswers: [Counter, [number, number], number[]][] = [
  [
    [0, 0, 0, 0],
    [0, 0],
    [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
  ],
  [
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    [0xffffffff, 0xffffffff],
    [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  ],
  [
    [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    [0xa4093822, 0x299f31d0],
    [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  ],
];

test.each(knownAnswers)('philox of counter %j and key %j', (counter, [k0, k1], answer) => {
  const out = new Uint32Array(6);
  philox(counter, k0, k1, out, 1);
  expect([...out]).toEqual([0, ...answer, 0]);
});

const mean = (values: Float32Array, of: (value: number) => number) =>
  values.reduce((sum, value) => sum + of(value), 0) / values.length;

describe('sequences', () => {
  test('a prefix of a longer draw is the shorter draw', () => {
    const long = words(key(1, 'a', 3), 41);
    expect([...words(key(1, 'a', 3), 7)]).toEqual([...long.slice(0, 7)]);
    expect([...normals(key(1, 'a', 3), 7)]).toEqual([...normals(key(1, 'a', 3), 41).slice(0, 7)]);
  });

  test('a later key is the one that its number would give', () => {
    const chain = key(1, 'chain', 7);
    expect(later(fork(chain, 8), 4)).toEqual(fork(chain, 12));
    expect(later(chain, 0)).toEqual(chain);
    expect(() => later(chain, 1)).toThrow("the stream 'chain' has no number at its end");
  });

  test('seed, stream, step and fork each change every word', () => {
    const base = key(1, 'a', 3);
    const keys = [base, key(2, 'a', 3), key(1, 'b', 3), key(1, 'a', 4), fork(base, 'a'), key(1 + 2 ** 32, 'a', 3)];
    const drawn = keys.map((one) => words(one, 64));
    const all = new Set(drawn.flatMap((sequence) => [...sequence]));
    expect(all.size).toBe(64 * keys.length);
  });

  test('streams with numbered names get distinct keys', () => {
    const pairs = Array.from({ length: 20_000 }, (_, i) => keyWords(key(i % 2, `chain/${i}`)).join());
    expect(new Set(pairs).size).toBe(pairs.length);
  });

  test('uniforms are multiples of 2^-24 in [0, 1) with the moments of the distribution', () => {
    const values = uniforms(key(5, 'u'), 200_000);
    expect(values.every((u) => u >= 0 && u < 1 && Number.isInteger(u * 2 ** 24))).toBe(true);
    expect(Math.abs(mean(values, (u) => u) - 1 / 2)).toBeLessThan(0.003);
    expect(Math.abs(mean(values, (u) => u ** 2) - 1 / 3)).toBeLessThan(0.003);
  });

  test('normals are finite, follow Box-Muller to float32, and have the moments of the distribution', () => {
    const source = words(key(5, 'n'), 200_000);
    const values = normals(key(5, 'n'), 200_000);
    let worst = 0;
    for (let i = 0; i < source.length; i += 2) {
      const radius = Math.sqrt(-2 * Math.log((((source[i] ?? 0) >>> 8) | 1) * 2 ** -24));
      const angle = 2 * Math.PI * ((source[i + 1] ?? 0) >>> 8) * 2 ** -24;
      worst = Math.max(worst, Math.abs((values[i] ?? NaN) - radius * Math.cos(angle)));
      worst = Math.max(worst, Math.abs((values[i + 1] ?? NaN) - radius * Math.sin(angle)));
    }
    expect(worst).toBeLessThan(1e-6);
    const moments = [1, 2, 3, 4].map((power) => mean(values, (z) => z ** power));
    [0, 1, 0, 3].forEach((moment, i) => expect(Math.abs((moments[i] ?? NaN) - moment)).toBeLessThan(0.06));
    expect(Math.abs(mean(values, (z) => Number(Math.abs(z) < 1)) - 0.6827)).toBeLessThan(0.005);
  });

  test('a permutation holds every number once and is not the identity', () => {
    const order = [...permutation(key(2, 'order'), 1000)];
    expect(order).not.toEqual(order.slice().sort((a, b) => a - b));
    expect(new Set(order)).toEqual(new Set(Array.from({ length: 1000 }, (_, i) => i)));
  });

  test('integers fill 0..below-1', () => {
    const counts = new Array<number>(7).fill(0);
    for (const n of integers(key(2, 'i'), 7000, 7)) counts[n] = (counts[n] ?? NaN) + 1;
    expect(counts).toHaveLength(7);
    expect(Math.min(...counts)).toBeGreaterThan(850);
  });
});
