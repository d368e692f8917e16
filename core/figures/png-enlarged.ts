/** A PNG inside a picture made anew with larger pixels: viewers of PDF blur small images, whatever they are told. */
import { inflateSync } from 'node:zlib';
import { decode, encode } from 'fast-png';
import { AppError } from '../lib/errors';
import { chunksOf, join, pngSize } from './png-chunk';
import { pngUri } from './png-uri';

const most = 8;
const largest = 1024;

/** @param uri a data URI of a PNG @param sharp whether pixels should stay squares @throws AppError BAD_DATA when it cannot be read. */
export function enlargedPng(uri: string, sharp: boolean): string {
  try {
    const png = Buffer.from(uri.slice(uri.indexOf(',') + 1), 'base64');
    const { width, height } = pngSize(png);
    assertBounded(png, width, height);
    const { data, channels, depth, palette } = decode(png);
    if (depth < 8 || palette) throw new Error(`${depth} bits, ${palette ? 'palette' : 'no palette'}`);
    const times = sharp ? Math.max(1, Math.min(most, Math.floor(largest / Math.max(width, height)))) : 1;
    if (times === 1 && depth === 8) return pngUri(encode({ width, height, channels, depth: 8, data }));
    const row = width * times;
    const out = new Uint8Array(row * height * times * channels);
    for (let y = 0; y < height * times; y++)
      for (let x = 0; x < row; x++)
        for (let k = 0; k < channels; k++) {
          const value = data[(Math.floor(y / times) * width + Math.floor(x / times)) * channels + k] ?? 0;
          out[(y * row + x) * channels + k] = depth === 16 ? value >> 8 : value;
        }
    return pngUri(encode({ width: row, height: height * times, channels, depth: 8, data: out }));
  } catch (error) {
    throw new AppError(
      'BAD_DATA',
      'An image inside the picture is damaged, or no PNG of 8 or 16 bits without a palette.',
      undefined,
      error,
    );
  }
}

/** Throws when the data hold more than an image of that size needs: at most four 16-bit channels, and a filter for each row. */
function assertBounded(png: Uint8Array, width: number, height: number): void {
  const parts = chunksOf(png).flatMap(({ type, body }) => (type === 'IDAT' ? [body] : []));
  inflateSync(join(parts), { maxOutputLength: height * (8 * width + 8) + 8 });
}
