/** Images laid out as one grid of 8-bit pixels, enlarged by whole numbers without smoothing; what PNG and GIF both write. */
import type { ImageShape } from '../data/dataset';
import { AppError } from '../lib/errors';

export interface GridLayout {
  readonly columns: number;
  /** Pixels of the picture for each pixel of an image along an axis; a whole number. */
  readonly scale: number;
  /** White pixels round and between the images. */
  readonly gap: number;
}

export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** 1 (grey) or 3 (RGB), interleaved. */
  readonly channels: 1 | 3;
  readonly data: Uint8ClampedArray<ArrayBuffer>;
}

export const maxPixels = 2 ** 28;

/**
 * `n` images [n, h, w, c] as one picture, row by row: uint8, or float32 in [0,1], where values beyond are clamped and NaN is black.
 * @throws AppError BAD_DATA when the sizes do not fit; BAD_OPTION for a layout that is not whole or too large.
 */
export function gridPixels(
  images: Float32Array | Uint8Array,
  n: number,
  shape: ImageShape,
  layout: GridLayout,
): Pixels {
  const [h, w, c] = shape;
  const { columns, scale, gap } = layout;
  if (!(n >= 1) || (c !== 1 && c !== 3) || images.length !== n * h * w * c)
    throw new AppError('BAD_DATA', `${images.length} values cannot be ${n} images of ${h} × ${w} × ${c}.`);
  if (![columns, scale, gap].every(Number.isInteger) || columns < 1 || scale < 1 || gap < 0)
    throw new AppError(
      'BAD_OPTION',
      `A grid with ${columns} columns at scale ${scale} and a gap of ${gap} cannot be drawn.`,
      'Columns and scale are whole numbers of at least 1, the gap is at least 0.',
    );
  const width = columns * (w * scale + gap) + gap;
  const height = Math.ceil(n / columns) * (h * scale + gap) + gap;
  if (width * height > maxPixels)
    throw new AppError('BAD_OPTION', `A picture of ${width} × ${height} pixels is too large.`, 'Lower the scale.');
  const full = images instanceof Uint8Array ? 1 : 255;
  const data = new Uint8ClampedArray(width * height * c).fill(255);
  for (let i = 0; i < n; i++) {
    const left = gap + (i % columns) * (w * scale + gap);
    const top = gap + Math.floor(i / columns) * (h * scale + gap);
    for (let y = 0; y < h * scale; y++)
      for (let x = 0; x < w * scale; x++) {
        const from = ((i * h + Math.floor(y / scale)) * w + Math.floor(x / scale)) * c;
        const to = ((top + y) * width + left + x) * c;
        for (let k = 0; k < c; k++) data[to + k] = full * (images[from + k] ?? 0);
      }
  }
  return { width, height, channels: c, data };
}
