/** Number types of weight files to float32. */

const widths: Readonly<Record<string, number>> = { F32: 4, F16: 2, BF16: 2, I32: 4 };

/** Bytes of one number of a safetensors type; undefined for a type that is not read. */
export const floatBytes = (dtype: string): number | undefined =>
  Object.hasOwn(widths, dtype) ? widths[dtype] : undefined;

/** Numbers of an aligned copy of a tensor's bytes. */
export function decodeFloats(bytes: Uint8Array, dtype: string): Float32Array | Int32Array {
  const whole = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
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
