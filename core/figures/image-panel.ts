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
const fontSize = 11;
const longestLabel = 110;

/** How large images are drawn: about `target` px, or so that a row of them is at most `within` px wide. */
export type ImageSize = { readonly target: number } | { readonly within: number };

/** Whole for a target; steps of a half, or as small as need be, where the width is given. */
function enlargement([h, w]: ImageShape, size: ImageSize, columns: number): number {
  if ('target' in size) return Math.max(1, Math.round(size.target / Math.max(h, w, 1)));
  const fitting = Math.max(2, (size.within + gap) / Math.max(1, columns) - gap) / w;
  return fitting >= 1 ? Math.floor(2 * fitting) / 2 : fitting;
}

export interface DrawnPanel {
  readonly width: number;
  readonly height: number;
  readonly markup: string;
}

/** Room that the labels of rows take. */
export function labelWidth(rows: readonly string[]): number {
  const widest = Math.max(0, ...rows.map((label) => textWidth(label, fontSize)));
  return widest > 0 ? Math.min(longestLabel, widest) + 8 : 0;
}

/** One image [h, w, c], each of its pixels a square of side `scale`. */
export const sharpImage = (
  image: Float32Array,
  shape: ImageShape,
  { x, y, scale }: { readonly x: number; readonly y: number; readonly scale: number },
): string =>
  el('image', {
    x,
    y,
    width: shape[1] * scale,
    height: shape[0] * scale,
    href: pngUri(imagePng(image, shape, { scale: 1, provenance: {} })),
    'image-rendering': 'optimizeSpeed',
    style: sharp,
  });

/**
 * Drawn from (0, 0).
 * @throws AppError BAD_DATA when the images are not rows * columns images of that shape.
 */
export function imagePanel(panel: ImagePanel, size: ImageSize, theme: Theme, rowLabels = true): DrawnPanel {
  const { images, shape, rows, columns } = panel;
  const [h, w, c] = shape;
  const length = h * w * c;
  if (images.length !== rows.length * columns.length * length)
    throw new AppError(
      'BAD_DATA',
      `${images.length} values are not ${rows.length} × ${columns.length} images of ${h} × ${w} × ${c}.`,
    );
  const left = rowLabels ? labelWidth(rows) : 0;
  const scale = enlargement(shape, size, columns.length);
  const cell = { width: w * scale + gap, height: h * scale + gap };
  const top = columns.some((label) => label !== '') ? labelHeight : 0;
  const names = columns.map((label, j) =>
    textAt(left + j * cell.width + (w * scale) / 2, 12, fit(label, fontSize, cell.width), {
      fill: theme.ink2,
      size: fontSize,
      anchor: 'middle',
    }),
  );
  const lines = rows.map((label, i) =>
    at(
      0,
      top + i * cell.height,
      left > 0
        ? textAt(left - 8, (h * scale) / 2 + 4, fit(label, fontSize, left - 8), {
            fill: theme.ink2,
            size: fontSize,
            anchor: 'end',
          })
        : '',
      ...columns.map((_, j) =>
        sharpImage(images.subarray((i * columns.length + j) * length, (i * columns.length + j + 1) * length), shape, {
          x: left + j * cell.width,
          y: 0,
          scale,
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
