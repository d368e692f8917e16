/**
 * Provenance in PNG files (W3C PNG, 11.3.3): one tEXt chunk for each entry, or iTXt where Latin-1 cannot hold the text, placed
 * right after the header. Bytes are a pure function of the input: no time, no software version.
 */
import { assertPng, chunk, chunksOf, fromLatin1, headerEnd, join, toLatin1 } from './png-chunk';

/** What a picture came from: model, run, seed, sampler, step, … */
export type Provenance = Readonly<Record<string, string>>;

const latin1 = /^[\x20-\x7e\xa0-\xff\n]*$/;

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

/** What is known of a picture, as chunks. */
export const textChunks = (provenance: Provenance): Uint8Array[] =>
  Object.entries(provenance).map(([name, text]) => textChunk(name, text));

/** How large a pixel is (W3C PNG, 11.3.4.3). */
function physicalChunk(pixelsPerMetre: number): Uint8Array {
  const body = new Uint8Array(9);
  const view = new DataView(body.buffer);
  view.setUint32(0, Math.round(pixelsPerMetre));
  view.setUint32(4, Math.round(pixelsPerMetre));
  body[8] = 1;
  return chunk('pHYs', body);
}

/**
 * The same picture with the provenance, and where it is given the size of a pixel, written into it.
 * @throws AppError BAD_FILE when `png` is not a PNG.
 */
export function withPngText(png: Uint8Array, provenance: Provenance, pixelsPerMetre?: number): Uint8Array {
  assertPng(png);
  const size = pixelsPerMetre === undefined ? [] : [physicalChunk(pixelsPerMetre)];
  return join([png.subarray(0, headerEnd), ...size, ...textChunks(provenance), png.subarray(headerEnd)]);
}

/** Every tEXt and uncompressed iTXt entry of a PNG; reading stops quietly where the file is cut off. @throws AppError BAD_FILE. */
export function readPngText(png: Uint8Array): Record<string, string> {
  const found = new Map<string, string>();
  for (const { type, body } of chunksOf(png)) {
    const end = body.indexOf(0);
    const name = toLatin1(body.subarray(0, Math.max(0, end)));
    if (type === 'tEXt' && end > 0) found.set(name, toLatin1(body.subarray(end + 1)));
    if (type === 'iTXt' && end > 0 && body[end + 1] === 0) {
      const translated = body.indexOf(0, end + 3);
      const start = translated < 0 ? 0 : body.indexOf(0, translated + 1) + 1;
      if (start > 0) found.set(name, new TextDecoder().decode(body.subarray(start)));
    }
  }
  return Object.fromEntries(found);
}
