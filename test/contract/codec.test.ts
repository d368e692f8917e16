/** Frames: what goes in comes out, and no bytes from outside do more than make an error. */
import { describe, expect, it } from 'vitest';
import { decodeFrame, encodeFrame } from '../../core/contract/codec';
import { key } from '../../core/lib/key';
import { uniforms } from '../../core/lib/philox';

const message = {
  type: 'event',
  value: {
    text: 'E(x) ≥ −3',
    none: null,
    list: [1, -2.5, [true, false]],
    pixels: Uint8Array.from([1, 2, 3]),
    energies: Float32Array.from([1.5, NaN, -Infinity]),
    labels: Int32Array.from([-1, 7]),
    indices: Uint32Array.from([4_000_000_000]),
    exact: Float64Array.from([Math.PI]),
    odd: [NaN, Infinity, -Infinity],
  },
};

describe('frames', () => {
  it('carry messages with arrays as they are', () => {
    expect(decodeFrame(encodeFrame(message))).toEqual(message);
  });

  it('carry a view of an array as its part alone', () => {
    const whole = Float32Array.from([0, 1, 2, 3]);
    expect(decodeFrame(encodeFrame({ part: whole.subarray(1, 3) }))).toEqual({ part: Float32Array.from([1, 2]) });
  });

  it('are read from a Buffer that is part of a pool', () => {
    const pool = Buffer.alloc(4096, 7);
    const frame = encodeFrame(message);
    const part = pool.subarray(1000, 1000 + frame.length);
    part.set(frame);
    expect(decodeFrame(part)).toEqual(message);
  });

  it('hold arrays as bytes, not as text', () => {
    const pixels = new Uint8Array(100_000).fill(200);
    expect(encodeFrame({ pixels }).length).toBeLessThan(100_200);
  });

  const head = (text: string, length = text.length) => {
    const bytes = new Uint8Array(4 + text.length);
    new DataView(bytes.buffer).setUint32(0, length, true);
    bytes.set(new TextEncoder().encode(text), 4);
    return bytes;
  };
  it.each([
    ['nothing', new Uint8Array()],
    ['a head that is longer than the frame', head('{}', 1000)],
    ['a head that is no JSON', head('{')],
    ['a head of another form', head('[]')],
    ['an array that ends outside', head('{"message":{"$array":0},"arrays":[{"kind":"f32","length":9}]}')],
    ['an array that is not there', head('{"message":{"$array":3},"arrays":[]}')],
    ['an array of an unknown kind', head('{"message":1,"arrays":[{"kind":"f16","length":0}]}')],
    ['an array of a length that is no count', head('{"message":1,"arrays":[{"kind":"f64","length":1e300}]}')],
    ['deep nesting', head(`{"message":${'['.repeat(200)}${']'.repeat(200)},"arrays":[]}`)],
  ])('refuse %s', (_what, bytes) => {
    expect(() => decodeFrame(bytes)).toThrow(/malformed frame/);
  });

  it('survive a thousand frames with bytes changed by chance', () => {
    const frame = encodeFrame(message);
    for (let trial = 0; trial < 1000; trial++) {
      const [place = 0, value = 0, cut = 0] = uniforms(key(trial, 'fuzz'), 3);
      const broken = frame.slice(0, cut < 0.3 ? Math.floor(place * frame.length) : frame.length);
      if (broken.length > 0) broken[Math.floor(place * broken.length)] = Math.floor(value * 256);
      try {
        decodeFrame(broken);
      } catch (error) {
        expect(error).toMatchObject({ code: 'BAD_DATA' });
      }
    }
  });

  it('keep a key named __proto__ a key', () => {
    const decoded = decodeFrame(head('{"message":{"__proto__":{"polluted":true}},"arrays":[]}'));
    expect(Object.getPrototypeOf(decoded)).toBe(Object.prototype);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});
