/** A grid of chains as a film: one frame for each step kept, one palette for all, provenance as a comment. Same input, same bytes. */
import { createRequire } from 'node:module';
import type { ImageShape } from '../data/dataset';
import { AppError } from '../lib/errors';
import type { Film } from './film';
import { type Pixels, gridPixels } from './pixels';

/** Required, not imported: the package is CommonJS that marks itself as a module, and loaders disagree on its default export. */
const gifenc = createRequire(import.meta.url)('gifenc') as typeof import('gifenc');

const greys = Array.from({ length: 256 }, (_, v) => [v, v, v]);
/** The colours of a film are chosen from about this many pixels. */
const paletteSample = 100_000;

function rgba({ data, channels }: Pixels): Uint8Array {
  const out = new Uint8Array((data.length / channels) * 4).fill(255);
  for (let i = 0, j = 0; j < data.length; i += 4, j += channels)
    for (let k = 0; k < 3; k++) out[i + k] = data[j + (channels === 3 ? k : 0)] ?? 0;
  return out;
}

function paletteOf(frames: readonly Pixels[]): number[][] {
  const total = frames.reduce((sum, { width, height }) => sum + width * height, 0);
  const stride = Math.max(1, Math.ceil(total / paletteSample));
  const sampled = frames.flatMap((frame) => {
    const all = rgba(frame);
    return Array.from({ length: Math.ceil(all.length / 4 / stride) }, (_, i) => [
      ...all.subarray(i * stride * 4, i * stride * 4 + 4),
    ]);
  });
  return gifenc.quantize(Uint8Array.from(sampled.flat()), 256);
}

/** A comment extension (GIF89a, 24) before the last byte: blocks of at most 255 bytes. */
function withComment(gif: Uint8Array, text: string): Uint8Array {
  const body = new TextEncoder().encode(text);
  const blocks: number[] = [0x21, 0xfe];
  for (let from = 0; from < body.length; from += 255) {
    const block = body.subarray(from, from + 255);
    blocks.push(block.length, ...block);
  }
  return Uint8Array.from([...gif.subarray(0, -1), ...blocks, 0, 0x3b]);
}

/**
 * @param frames each [n, h, w, c], float32 in [0,1] or uint8
 * @throws AppError BAD_DATA without frames or with images of another size; BAD_OPTION for a layout that cannot be drawn.
 */
export function gridGif(
  frames: readonly (Float32Array | Uint8Array)[],
  n: number,
  shape: ImageShape,
  film: Film,
): Uint8Array {
  if (frames.length === 0) throw new AppError('BAD_DATA', 'A film needs at least one frame; there is none.');
  const pixels = frames.map((images) => gridPixels(images, n, shape, film));
  const grey = shape[2] === 1;
  const palette = grey ? greys : paletteOf(pixels);
  const encoder = gifenc.GIFEncoder();
  pixels.forEach((frame, i) => {
    const index = grey ? new Uint8Array(frame.data) : gifenc.applyPalette(rgba(frame), palette);
    const delay = i === pixels.length - 1 ? 10 * film.delay : film.delay;
    encoder.writeFrame(index, frame.width, frame.height, { delay, ...(i === 0 ? { palette, repeat: 0 } : {}) });
  });
  encoder.finish();
  return withComment(encoder.bytes(), JSON.stringify(film.provenance));
}
