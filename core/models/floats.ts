/** Number types of weight files: what each takes, those that are read as float32 or int32, and half precision to write. */

/** Bytes of one number of every safetensors type. */
const widths: Readonly<Record<string, number>> = {
  ...{ BOOL: 1, U8: 1, I8: 1, F8_E4M3: 1, F8_E5M2: 1, I16: 2, U16: 2, F16: 2, BF16: 2 },
  ...{ I32: 4, U32: 4, F32: 4, I64: 8, U64: 8, F64: 8 },
};

export const readTypes: readonly string[] = ['F32', 'F16', 'BF16', 'I32'];

/** Bytes of one number of a safetensors type; undefined for an unknown type. */
export const typeBytes = (dtype: string): number | undefined =>
  Object.hasOwn(widths, dtype) ? widths[dtype] : undefined;

/** Numbers of one of `readTypes` from little-endian bytes, copied. */
export function decodeNumbers(bytes: Uint8Array, dtype: string): Float32Array | Int32Array {
  const whole = new Uint8Array(bytes).buffer;
  if (dtype === 'I32') return new Int32Array(whole);
  if (dtype === 'F32') return new Float32Array(whole);
  const halves = new Uint16Array(whole);
  if (dtype === 'BF16') return new Float32Array(Uint32Array.from(halves, (half) => half << 16).buffer);
  return Float32Array.from(halves, halfToFloat);
}

function halfToFloat(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
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
