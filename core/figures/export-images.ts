/** Images as one file: a grid, a film, or each by itself in a zip; what the window and the command line write. */
import type { ImageShape } from '../data/dataset';
import { AppError } from '../lib/errors';
import { gridApng } from './apng';
import type { Film } from './film';
import { gridGif } from './gif';
import { imagePng, gridPng } from './png';
import { zipOf } from './zip';

export const imageFormats = ['png', 'gif', 'apng', 'zip'] as const;
export type ImageFormat = (typeof imageFormats)[number];

export interface ImageExport extends Film {
  readonly format: ImageFormat;
  /** The frames of a film, or one; each [n, h, w, c], float32 in [0,1] or uint8. */
  readonly frames: readonly (Float32Array | Uint8Array)[];
  readonly shape: ImageShape;
}

/** @throws AppError BAD_DATA when the images do not fit or a PNG has more than one frame; BAD_OPTION for a layout that cannot be drawn. */
export function exportImages({ format, frames, shape, ...film }: ImageExport): Uint8Array {
  const length = shape[0] * shape[1] * shape[2];
  const [first] = frames;
  const n = (first?.length ?? 0) / length;
  if (!first || !Number.isInteger(n) || n < 1 || frames.some((frame) => frame.length !== first.length))
    throw new AppError(
      'BAD_DATA',
      `These ${frames.length} frames do not hold the same number of images of ${shape.join(' × ')}.`,
    );
  switch (format) {
    case 'png':
      if (frames.length > 1)
        throw new AppError('BAD_DATA', `A PNG holds one frame, not ${frames.length}.`, 'Choose gif, apng or zip.');
      return gridPng(first, n, shape, film);
    case 'gif':
      return gridGif(frames, n, shape, film);
    case 'apng':
      return gridApng(frames, n, shape, film);
    case 'zip': {
      const { scale, provenance } = film;
      const number = (i: number, of: number) => String(i).padStart(String(of - 1).length, '0');
      const files = frames.flatMap((frame, step) =>
        Array.from({ length: n }, (_, i) => {
          const folder = frames.length > 1 ? `frame-${number(step, frames.length)}/` : '';
          const about = { ...provenance, image: String(i), ...(frames.length > 1 ? { frame: String(step) } : {}) };
          const image = frame.subarray(i * length, (i + 1) * length);
          return [`${folder}image-${number(i, n)}.png`, imagePng(image, shape, { scale, provenance: about })] as const;
        }),
      );
      return zipOf(Object.fromEntries(files), provenance);
    }
    default:
      return format satisfies never;
  }
}
