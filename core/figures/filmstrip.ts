/** Images of one chain in order, the step and the energy below each; rows break at the width. */
import type { ImageShape } from '../data/dataset';
import { AppError } from '../lib/errors';
import { brief } from './axes';
import { type FigureSize, type FigureText, emptyFigure, frame, margin, widthWithin } from './frame';
import { sharpImage } from './image-panel';
import { fit } from './text-width';
import { type ThemeName, themes } from './theme';
import { at, textAt } from './xml';

export interface Filmstrip extends FigureText {
  /** [n, h, w, c] in [0,1]. */
  readonly images: Float32Array;
  readonly shape: ImageShape;
  /** The step of each image. */
  readonly steps: ArrayLike<number>;
  /** The energy of each image in nats; none where it was not measured. */
  readonly energies?: ArrayLike<number>;
  /** What the energies are, as 'E(x,y)'. */
  readonly quantity?: string;
}

const target = 64;
const gap = 10;
const wordsHeight = 36;
const usualWidth = 760;

/** @throws AppError BAD_DATA when the images, steps and energies do not fit. */
export function filmstrip(data: Filmstrip, themeName: ThemeName, size: FigureSize = {}): string {
  const { images, shape, steps, energies, quantity = 'E(x)' } = data;
  const theme = themes[themeName];
  const [h, w, c] = shape;
  const length = h * w * c;
  const count = steps.length;
  if (images.length !== count * length || (energies && energies.length !== count))
    throw new AppError(
      'BAD_DATA',
      `${images.length} values and ${energies?.length ?? 0} energies are not ${count} images of ${h} × ${w} × ${c}.`,
    );
  const asked = widthWithin(size, usualWidth);
  if (count === 0) return emptyFigure(data, asked, 'There is no image to show.', themeName);
  const inner = asked - 2 * margin;
  const scale = Math.max(1, Math.round(target / Math.max(h, w)));
  const drawn = Math.min(w * scale, inner);
  const cell = Math.max(drawn, 52) + gap;
  const perRow = Math.max(1, Math.min(count, Math.floor((inner + gap) / cell)));
  const rowHeight = h * (drawn / w) + wordsHeight + 6;
  const body = Array.from({ length: count }, (_, i) => {
    const energy = energies?.[i];
    const x = margin + (i % perRow) * cell;
    const middle = (cell - gap) / 2;
    const under = (line: number, text: string, fill: string) =>
      textAt(middle, h * (drawn / w) + 15 * line, fit(text, 11, cell - 2), { fill, anchor: 'middle' });
    return at(
      x,
      Math.floor(i / perRow) * rowHeight,
      sharpImage(images.subarray(i * length, (i + 1) * length), shape, {
        x: middle - drawn / 2,
        y: 0,
        scale: drawn / w,
      }),
      under(1, `step ${brief(steps[i] ?? NaN)}`, theme.ink2),
      energy === undefined ? '' : under(2, Number.isFinite(energy) ? brief(energy) : 'not finite', theme.ink),
    );
  });
  const below = energies ? [`Below each image its step and ${quantity} in nats.`] : [];
  const words = { ...data, caption: [data.caption ?? '', ...below].filter(Boolean).join(' ') };
  const width = size.width === undefined ? Math.max(360, perRow * cell - gap + 2 * margin) : asked;
  const height = Math.ceil(count / perRow) * rowHeight - 6;
  const ends = energies
    ? `; ${quantity} from ${brief(energies[0] ?? NaN)} to ${brief(energies[count - 1] ?? NaN)} nats`
    : '';
  const description = `${count} images of one chain, from step ${brief(steps[0] ?? NaN)} to step ${brief(steps[count - 1] ?? NaN)}${ends}.`;
  return frame({ words, width, height, description }, themeName, ...body);
}
