/** A table of small images with a label for each row and column; pixels stay square and sharp. */
import type { ImageShape } from '../data/dataset';
import { AppError } from '../lib/errors';
import { imagePng } from './png';
import { pngUri } from './png-uri';
import { fit, textWidth } from './text-width';
import type { Theme } from './theme';
import { at, el, textAt } from './xml';

export interface ImagePanel {
  /** [rows * columns, h, w, c] in [0,1], row by row. */
  readonly images: Float32Array;
  readonly shape: ImageShape;
  /** A label for each row and each column; empty where there is nothing to say. */
  readonly rows: readonly string[];
  readonly columns: readonly string[];
}

/** How browsers are told not to blur; resvg knows only the attribute, and only without this style. */
export const sharp = 'image-rendering:pixelated';

const gap = 3;
const labelHeight = 18;
const size = 11;
const longestLabel = 110;

/** Whole enlargement that brings an image to about `target` pixels, at least 1. */
const enlargement = ([h, w]: ImageShape, target: number): number => Math.max(1, Math.round(target / Math.max(h, w, 1)));

export interface DrawnPanel {
  readonly width: number;
  readonly height: number;
  readonly markup: string;
}

/**
 * Drawn from (0, 0), images of about `target` pixels.
 * @throws AppError BAD_DATA when the images are not rows * columns images of that shape.
 */
export function imagePanel(panel: ImagePanel, target: number, theme: Theme, rowLabels = true): DrawnPanel {
  const { images, shape, rows, columns } = panel;
  const [h, w, c] = shape;
  const length = h * w * c;
  if (images.length !== rows.length * columns.length * length)
    throw new AppError(
      'BAD_DATA',
      `${images.length} values are not ${rows.length} × ${columns.length} images of ${h} × ${w} × ${c}.`,
    );
  const scale = enlargement(shape, target);
  const cell = { width: w * scale + gap, height: h * scale + gap };
  const widest = rowLabels ? Math.max(0, ...rows.map((label) => textWidth(label, size))) : 0;
  const left = widest > 0 ? Math.min(longestLabel, widest) + 8 : 0;
  const top = columns.some((label) => label !== '') ? labelHeight : 0;
  const names = columns.map((label, j) =>
    textAt(left + j * cell.width + (w * scale) / 2, 12, fit(label, size, cell.width), {
      fill: theme.ink2,
      size,
      anchor: 'middle',
    }),
  );
  const lines = rows.map((label, i) =>
    at(
      0,
      top + i * cell.height,
      left > 0
        ? textAt(left - 8, (h * scale) / 2 + 4, fit(label, size, left - 8), { fill: theme.ink2, size, anchor: 'end' })
        : '',
      ...columns.map((_, j) =>
        el('image', {
          x: left + j * cell.width,
          y: 0,
          width: w * scale,
          height: h * scale,
          href: pngUri(
            imagePng(images.subarray((i * columns.length + j) * length, (i * columns.length + j + 1) * length), shape, {
              scale: 1,
              provenance: {},
            }),
          ),
          'image-rendering': 'optimizeSpeed',
          style: sharp,
        }),
      ),
    ),
  );
  return {
    width: left + columns.length * cell.width - gap,
    height: top + rows.length * cell.height - gap,
    markup: names.join('') + lines.join(''),
  };
}
