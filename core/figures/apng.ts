/**
 * A grid of chains as an animated PNG (W3C PNG 3rd edition, 11.3.6): every frame whole and lossless, one after the other for ever,
 * provenance in the file. Same input, same bytes.
 */
import { encode } from 'fast-png';
import type { ImageShape } from '../data/dataset';
import { AppError } from '../lib/errors';
import type { Film } from './film';
import { gridPixels } from './pixels';
import { chunk, chunksOf, join, signature } from './png-chunk';
import { textChunks } from './png-text';

const words = (...values: readonly number[]): Uint8Array => {
  const view = new DataView(new ArrayBuffer(4 * values.length));
  values.forEach((value, i) => {
    view.setUint32(4 * i, value);
  });
  return new Uint8Array(view.buffer);
};

/** Where and how long a frame stands; `sequence` numbers it among the animation's chunks. */
const control = (sequence: number, width: number, height: number, delay: number): Uint8Array => {
  const milliseconds = Math.min(65_535, Math.round(delay));
  return chunk(
    'fcTL',
    join([
      words(sequence, width, height, 0, 0),
      Uint8Array.of(milliseconds >> 8, milliseconds & 255, 1000 >> 8, 1000 & 255, 0, 0),
    ]),
  );
};

/**
 * @param frames each [n, h, w, c]; the last one stands ten times as long
 * @throws AppError BAD_DATA without frames or with images of another size; BAD_OPTION for a layout that cannot be drawn.
 */
export function gridApng(
  frames: readonly (Float32Array | Uint8Array)[],
  n: number,
  shape: ImageShape,
  film: Film,
): Uint8Array {
  if (frames.length === 0) throw new AppError('BAD_DATA', 'A film needs at least one frame; there is none.');
  let sequence = 0;
  let header: Uint8Array = new Uint8Array();
  const parts = frames.map((images, i) => {
    const { width, height, channels, data } = gridPixels(images, n, shape, film);
    const chunks = chunksOf(encode({ width, height, channels, depth: 8, data }));
    if (i === 0) header = chunk('IHDR', chunks.find(({ type }) => type === 'IHDR')?.body ?? new Uint8Array());
    const delay = i === frames.length - 1 ? 10 * film.delay : film.delay;
    const start = control(sequence++, width, height, delay);
    const body = join(chunks.flatMap((each) => (each.type === 'IDAT' ? [each.body] : [])));
    return join([start, i === 0 ? chunk('IDAT', body) : chunk('fdAT', join([words(sequence++), body]))]);
  });
  const animation = chunk('acTL', words(frames.length, 0));
  return join([
    Uint8Array.from(signature),
    header,
    animation,
    ...textChunks(film.provenance),
    ...parts,
    chunk('IEND', new Uint8Array()),
  ]);
}
