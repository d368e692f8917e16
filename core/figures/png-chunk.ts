/** The chunks that PNG files are made of (W3C PNG, 5.3): a length, a name, a body and a checksum. */
import { AppError } from '../lib/errors';

export const signature = [137, 80, 78, 71, 13, 10, 26, 10];
/** Where the header's chunk ends. */
export const headerEnd = signature.length + 25;

const crcTable = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

function crc(bytes: Uint8Array): number {
  let c = 0xffffffff;
  for (const byte of bytes) c = (crcTable[(c ^ byte) & 255] ?? 0) ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

export const join = (parts: readonly Uint8Array[]): Uint8Array => {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
};

export const fromLatin1 = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
export const toLatin1 = (bytes: Uint8Array): string => Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');

export function chunk(type: string, body: Uint8Array): Uint8Array {
  const named = join([fromLatin1(type), body]);
  const out = new Uint8Array(named.length + 8);
  const view = new DataView(out.buffer);
  view.setUint32(0, body.length);
  out.set(named, 4);
  view.setUint32(named.length + 4, crc(named));
  return out;
}

/** The chunks of a PNG in order; reading stops quietly where the file is cut off. @throws AppError BAD_FILE. */
export function chunksOf(png: Uint8Array): { type: string; body: Uint8Array }[] {
  assertPng(png);
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const chunks: { type: string; body: Uint8Array }[] = [];
  for (let at = signature.length; at + 12 <= png.length;) {
    const length = view.getUint32(at);
    const type = toLatin1(png.subarray(at + 4, at + 8));
    chunks.push({ type, body: png.subarray(at + 8, at + 8 + length) });
    if (type === 'IEND') break;
    at += 12 + length;
  }
  return chunks;
}

/** Whether the bytes begin as a PNG does, with a whole header. */
const isPng = (bytes: Uint8Array): boolean =>
  bytes.length >= headerEnd && signature.every((byte, i) => bytes[i] === byte);

/** @throws AppError BAD_FILE. */
export function assertPng(png: Uint8Array): void {
  if (!isPng(png)) throw new AppError('BAD_FILE', `These ${png.length} bytes are not a PNG picture.`);
}

/** Width and height in pixels. @throws AppError BAD_FILE when `png` is not a PNG. */
export function pngSize(png: Uint8Array): { width: number; height: number } {
  assertPng(png);
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  return { width: view.getUint32(16), height: view.getUint32(20) };
}
