/** The file format: a round trip byte for byte, and hostile files that end in one clear sentence. */
import { describe, expect, it } from 'vitest';
import { AppError } from '../../core/lib/errors';
import { key } from '../../core/lib/key';
import { integers } from '../../core/lib/philox';
import { encodeHalves, decodeNumbers } from '../../core/models/floats';
import { decodeSafetensors, encodeSafetensors } from '../../core/models/safetensors';

const tensors = {
  second: { shape: [2, 3], data: Float32Array.of(1, -2, 3.5, 0, -0, 1e-40) },
  first: { shape: [2], data: Int32Array.of(-7, 2 ** 31 - 1) },
  empty: { shape: [0, 4], data: new Float32Array() },
  scalar: { shape: [], data: Float32Array.of(Math.PI) },
};

/** A file with this header text and so many bytes of numbers. */
function file(header: string, numbers: number): Uint8Array {
  const bytes = Buffer.alloc(8 + Buffer.byteLength(header) + numbers);
  bytes.writeBigUInt64LE(BigInt(Buffer.byteLength(header)), 0);
  bytes.write(header, 8);
  return bytes;
}
const entry = (from: number, to: number, shape = [(to - from) / 4], dtype = 'F32') => ({
  dtype,
  shape,
  data_offsets: [from, to],
});
const withEntries = (entries: object, numbers: number) => file(JSON.stringify(entries), numbers);

describe('safetensors', () => {
  it('gives back what was written, whatever the order', () => {
    const bytes = encodeSafetensors(tensors, { b: '2', a: 'ä "1"' });
    const read = decodeSafetensors(bytes, 'x');
    expect(read.tensors).toEqual(tensors);
    expect(read.metadata).toEqual({ a: 'ä "1"', b: '2' });
    const { scalar, empty, second, first } = tensors;
    expect(Buffer.compare(encodeSafetensors({ scalar, empty, second, first }, { a: 'ä "1"', b: '2' }), bytes)).toBe(0);
    expect(Buffer.compare(encodeSafetensors(read.tensors, read.metadata), bytes)).toBe(0);
  });

  it('reads a view into a larger buffer', () => {
    const bytes = encodeSafetensors(tensors);
    const larger = Buffer.concat([Buffer.from([1, 2, 3]), bytes, Buffer.from([4])]);
    expect(decodeSafetensors(larger.subarray(3, 3 + bytes.length), 'x').tensors).toEqual(tensors);
  });

  it('rounds to half precision as IEEE 754 does', () => {
    const given = [0, -0, 1, -1.5, 65504, 65519, 65520, 1e6, 2 ** -14, 2 ** -24, 2 ** -25, 1.5 * 2 ** -24, 2.5 * 2 ** -24, 2 ** -26, 1 + 2 ** -11, 1 + 3 * 2 ** -11, 0.1, NaN]; // prettier-ignore
    const wanted = [0, -0, 1, -1.5, 65504, 65504, Infinity, Infinity, 2 ** -14, 2 ** -24, 0, 2 ** -23, 2 ** -23, 0, 1, 1 + 2 ** -9, 0.0999755859375, NaN]; // prettier-ignore
    const halves = encodeHalves(Float32Array.from(given));
    expect(Array.from(decodeNumbers(new Uint8Array(halves.buffer), 'F16'))).toEqual(wanted);
  });

  it('every half-precision number survives being read and written', () => {
    const all = Uint16Array.from({ length: 65536 }, (_, i) => i).filter(
      (half) => (half & 0x7c00) !== 0x7c00 || (half & 0x3ff) === 0,
    );
    const floats = decodeNumbers(new Uint8Array(all.buffer), 'F16');
    expect(floats).toBeInstanceOf(Float32Array);
    expect(encodeHalves(Float32Array.from(floats))).toEqual(all);
  });

  const whole = encodeSafetensors(tensors, { about: 'some words on how it was made, which nothing reads' });
  it.each([
    ['empty', new Uint8Array(), 'only 0 bytes'],
    ['torn in its header', whole.subarray(0, 50), 'header claims'],
    ['torn in its numbers', whole.subarray(0, -3), 'numbers'],
    ['too long', Buffer.concat([whole, Buffer.alloc(4)]), 'numbers'],
    [
      'a header of 2^63 bytes',
      Buffer.concat([Buffer.from('ffffffffffffff7f', 'hex'), Buffer.alloc(100)]),
      'claims 9223372036854775807',
    ],
    ['a pickle', Buffer.from('PK\x03\x04 archive/data.pkl and so on'), 'header claims'],
    ['no JSON', file('{"a": ', 0), 'not JSON'],
    ['a list', file('[1, 2, 3]', 0), 'not a JSON object'],
    ['bytes that are no UTF-8', file('{"a\u0000": 1}', 0).fill(0xff, 9, 12), 'not JSON'],
    ['metadata that are no texts', withEntries({ __metadata__: { a: 1 } }, 0), 'metadata'],
    ['an entry that is none', withEntries({ a: 5 }, 0), "'a' is malformed"],
    ['an unknown type', withEntries({ a: entry(0, 4, [1], 'F33') }, 4), "'a' is malformed"],
    ['a type that is not read', withEntries({ a: entry(0, 8, [1], 'F64') }, 8), 'type F64'],
    ['an inherited type', withEntries({ a: entry(0, 8, [1], 'constructor') }, 8), 'malformed'],
    ['negative sizes', withEntries({ a: entry(0, 4, [-1, -1]) }, 4), 'malformed'],
    ['offsets beyond the file', withEntries({ a: entry(0, 4000) }, 8), 'describes 4000'],
    ['offsets that go back', withEntries({ a: entry(8, 4, [1]) }, 8), 'does not fit'],
    ['a shape that overflows', withEntries({ a: entry(0, 4, [2 ** 53 - 1, 2 ** 53 - 1]) }, 4), 'does not fit'],
    ['a shape of another size', withEntries({ a: entry(0, 8, [3]) }, 8), 'does not fit'],
    ['overlap', withEntries({ a: entry(0, 8), b: entry(4, 12) }, 12), 'overlaps'],
    ['the same bytes twice', withEntries({ a: entry(0, 8), b: entry(0, 8) }, 8), 'overlaps'],
    ['a hole', withEntries({ a: entry(0, 4), b: entry(8, 12) }, 12), 'belong to no tensor'],
  ])('refuses a file with %s', (_, bytes, said) => {
    expect(() => decodeSafetensors(bytes, 'some file')).toThrow(
      expect.objectContaining({ code: 'BAD_FILE', message: expect.stringContaining(said) }),
    );
    expect(() => decodeSafetensors(bytes, 'some file')).toThrow(/'some file'/);
  });

  it('a tensor named __proto__ is a tensor, not a prototype', () => {
    const bytes = file(`{"__proto__": ${JSON.stringify(entry(0, 4))}}`, 4);
    const read = decodeSafetensors(bytes, 'x').tensors;
    expect(Object.keys(read)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
  });

  it('800 mutations of a header each load whole or end in an AppError', () => {
    const outcomes = { loaded: 0, refused: 0 };
    const end = 8 + Number(Buffer.from(whole).readBigUInt64LE(0));
    for (let i = 0; i < 800; i++) {
      const bytes = Buffer.from(whole);
      const [changes = 0, ...draws] = integers(key(i, 'fuzz'), 9, 2 ** 30);
      for (let c = 0; c <= changes % 4; c++) bytes[(draws[2 * c] ?? 0) % end] = mutation(draws[2 * c + 1] ?? 0);
      try {
        for (const { shape, data } of Object.values(decodeSafetensors(bytes, 'fuzz').tensors))
          expect(data.length).toBe(shape.reduce((product, n) => product * n, 1));
        outcomes.loaded++;
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        expect(error.code).toBe('BAD_FILE');
        outcomes.refused++;
      }
    }
    expect(outcomes.loaded).toBeGreaterThan(20);
    expect(outcomes.refused).toBeGreaterThan(200);
  });
});

/** Any byte, or one that means something in JSON. */
function mutation(draw: number): number {
  const telling = Buffer.from('0123456789-.eE"\\{}[],: ');
  return draw & 1 ? (draw >> 1) & 0xff : (telling[(draw >> 1) % telling.length] ?? 0);
}
