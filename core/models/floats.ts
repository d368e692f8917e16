/** Number types of weight files: what each takes, those that are read as float32 or int32, and half precision to write. */
import { halfToFloat } from '../lib/halves';

/** Bytes of one number of every safetensors type. */
const widths: Readonly<Record<string, number>> = {
  ...{ BOOL: 1, U8: 1, I8: 1, F8_E4M3: 1, F8_E5M2: 1, I16: 2, U16: 2, F16: 2, BF16: 2 },
  ...{ I32: 4, U32: 4, F32: 4, I64: 8, U64: 8, F64: 8 },
};

export const readTypes: readonly string[] = ['F32', 'F16', 'BF16', 'I32'];

/** Bytes of one number of a safetensors type; undefined for an unknown type. */
export const typeBytes = (dtype: string): number | undefined =>
  Object.hasOwn(widths, dtype) ? widths[dtype] : undefined;

/** Numbers of one of `readTypes` or of what PyTorch has besides, from little-endian bytes, copied; rounded to float32 but for I32. */
export function decodeNumbers(bytes: Uint8Array, dtype: string): Float32Array | Int32Array {
  const whole = new Uint8Array(bytes).buffer;
  switch (dtype) {
    case 'I32':
      return new Int32Array(whole);
    case 'F32':
      return new Float32Array(whole);
    case 'F64':
      return new Float32Array(new Float64Array(whole));
    case 'F16':
      return mapped(new Uint16Array(whole), halfToFloat);
    case 'BF16':
      return widened(new Uint16Array(whole));
    case 'I64':
      return mapped(new BigInt64Array(whole), Number);
    case 'I16':
      return new Float32Array(new Int16Array(whole));
    case 'I8':
      return new Float32Array(new Int8Array(whole));
    default:
      return new Float32Array(new Uint8Array(whole));
  }
}

/** As Float32Array.from, which would first make a list of all values. */
function mapped<T>(values: ArrayLike<T>, toFloat: (value: T) => number): Float32Array {
  const out = new Float32Array(values.length);
  for (let i = 0; i < out.length; i++) {
    const value = values[i];
    if (value !== undefined) out[i] = toFloat(value);
  }
  return out;
}

/** bfloat16 is the upper half of a float32. */
function widened(halves: Uint16Array): Float32Array {
  const bits = new Uint32Array(halves.length);
  for (let i = 0; i < halves.length; i++) bits[i] = (halves[i] ?? 0) << 16;
  return new Float32Array(bits.buffer);
}

/** IEEE half precision, rounded to the nearest, ties to even; beyond 65,504 infinite. */
export const encodeHalves = (data: Float32Array): Uint16Array => {
  const bits = new Uint32Array(data.buffer, data.byteOffset, data.length);
  return Uint16Array.from(bits, floatToHalf);
};

/** From the bits of a float32: its exponent is moved by 112, its fraction loses 13 bits. */
function floatToHalf(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const size = bits & 0x7fffffff;
  if (size >= 0x47800000) return sign | (size > 0x7f800000 ? 0x7e00 : 0x7c00);
  if (size < 0x38800000) return sign | subnormal(size);
  return sign | ((size - 0x38000000 + 0xfff + ((size >>> 13) & 1)) >>> 13);
}

/** Below 2^-14: a whole number of 2^-24. */
function subnormal(size: number): number {
  const shift = 126 - (size >>> 23);
  if (shift > 24) return 0;
  const fraction = (size & 0x7fffff) | 0x800000;
  const kept = fraction >>> shift;
  const rest = fraction - kept * 2 ** shift;
  const middle = 2 ** (shift - 1);
  return kept + (rest > middle || (rest === middle && kept & 1) ? 1 : 0);
}
