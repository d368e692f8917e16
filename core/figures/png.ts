/** Images, uint8 or float32 in [0,1], as PNG files that say where they came from. Same input, same bytes. */
import { encode } from 'fast-png';
import type { ImageShape } from '../data/dataset';
import { type GridLayout, type Pixels, gridPixels } from './pixels';
import { type Provenance, withPngText } from './png-text';

/** Pixels as a PNG with provenance. */
export const pixelsPng = ({ width, height, channels, data }: Pixels, provenance: Provenance): Uint8Array =>
  withPngText(encode({ width, height, channels, depth: 8, data }), provenance);

/** `n` images [n, h, w, c] as one grid, row by row. @throws AppError as gridPixels. */
export const gridPng = (
  images: Float32Array | Uint8Array,
  n: number,
  shape: ImageShape,
  { provenance, ...layout }: GridLayout & { readonly provenance: Provenance },
): Uint8Array => pixelsPng(gridPixels(images, n, shape, layout), provenance);

/** One image [h, w, c]. @throws AppError as gridPixels. */
export const imagePng = (
  image: Float32Array | Uint8Array,
  shape: ImageShape,
  { scale, provenance }: { readonly scale: number; readonly provenance: Provenance },
): Uint8Array => gridPng(image, 1, shape, { columns: 1, scale, gap: 0, provenance });
