/**
 * Provenance in PNG files (W3C PNG, 11.3.3): one tEXt chunk for each entry, or iTXt where Latin-1 cannot hold the text, placed
 * right after the header. Bytes are a pure function of the input: no time, no software version.
 */
import { AppError } from '../lib/errors';

/** What a picture came from: model, run, seed, sampler, step, … */
export type Provenance = Readonly<Record<string, string>>;

const signature = [137, 80, 78, 71, 13, 10, 26, 10];
const headerEnd = signature.length + 25;
const latin1 = /^[\x20-\x7e\xa0-\xff\n]*$/;

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

const join = (parts: readonly Uint8Array[]): Uint8Array => {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
};

const fromLatin1 = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const toLatin1 = (bytes: Uint8Array): string => Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');

function chunk(type: string, body: Uint8Array): Uint8Array {
  const named = join([fromLatin1(type), body]);
  const out = new Uint8Array(named.length + 8);
  const view = new DataView(out.buffer);
  view.setUint32(0, body.length);
  out.set(named, 4);
  view.setUint32(named.length + 4, crc(named));
  return out;
}

/** A keyword is 1 to 79 Latin-1 characters without control characters or outer blanks. */
const keyword = (name: string): string =>
  name
    .replace(/[^\x20-\x7e]/g, '_')
    .trim()
    .slice(0, 79)
    .trim() || 'note';

function textChunk(name: string, text: string): Uint8Array {
  if (latin1.test(text)) return chunk('tEXt', fromLatin1(`${keyword(name)}\0${text}`));
  const body = new TextEncoder().encode(text.replaceAll('\0', ''));
  return chunk('iTXt', join([fromLatin1(`${keyword(name)}\0\0\0\0\0`), body]));
}

/** The same picture with the provenance written into it. @throws AppError BAD_FILE when `png` is not a PNG. */
export function withPngText(png: Uint8Array, provenance: Provenance): Uint8Array {
  assertPng(png);
  const texts = Object.entries(provenance).map(([name, text]) => textChunk(name, text));
  return join([png.subarray(0, headerEnd), ...texts, png.subarray(headerEnd)]);
}

/** Every tEXt and uncompressed iTXt entry of a PNG; reading stops quietly where the file is cut off. @throws AppError BAD_FILE. */
export function readPngText(png: Uint8Array): Record<string, string> {
  assertPng(png);
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const found = new Map<string, string>();
  for (let at = signature.length; at + 12 <= png.length;) {
    const length = view.getUint32(at);
    const type = toLatin1(png.subarray(at + 4, at + 8));
    const body = png.subarray(at + 8, at + 8 + length);
    const end = body.indexOf(0);
    const name = toLatin1(body.subarray(0, Math.max(0, end)));
    if (type === 'tEXt' && end > 0) found.set(name, toLatin1(body.subarray(end + 1)));
    if (type === 'iTXt' && end > 0 && body[end + 1] === 0) {
      const translated = body.indexOf(0, end + 3);
      const start = translated < 0 ? 0 : body.indexOf(0, translated + 1) + 1;
      if (start > 0) found.set(name, new TextDecoder().decode(body.subarray(start)));
    }
    if (type === 'IEND') break;
    at += 12 + length;
  }
  return Object.fromEntries(found);
}

/** Whether the bytes begin as a PNG does, with a whole header. */
const isPng = (bytes: Uint8Array): boolean =>
  bytes.length >= headerEnd && signature.every((byte, i) => bytes[i] === byte);

function assertPng(png: Uint8Array): void {
  if (!isPng(png)) throw new AppError('BAD_FILE', `These ${png.length} bytes are not a PNG picture.`);
}

/** Width and height in pixels. @throws AppError BAD_FILE when `png` is not a PNG. */
export function pngSize(png: Uint8Array): { width: number; height: number } {
  assertPng(png);
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  return { width: view.getUint32(16), height: view.getUint32(20) };
}
