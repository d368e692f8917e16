/** The scale of filled contours: the same steps of colour, their energies, and points where values lie beyond the ends. */
import { brief } from './axes';
import { batlow } from './batlow';
import { textWidth, wrap } from './text-width';
import type { Theme } from './theme';
import { at, el, num, textAt } from './xml';

export interface ColourBar {
  readonly thresholds: readonly number[];
  /** Some value lies below the scale, or above it. */
  readonly below: boolean;
  readonly above: boolean;
  readonly label: string;
}

const thick = 10;
const lineHeight = 15;
/** Height of a bar whose label takes one line. */
export const oneLineBar = 42;

export interface DrawnBar {
  readonly height: number;
  readonly markup: string;
}

/** Drawn from (x, y), `width` wide, ticks and then the label below, in as many lines as it takes. */
export function colourBar(
  { thresholds, below, above, label }: ColourBar,
  x: number,
  y: number,
  width: number,
  theme: Theme,
): DrawnBar {
  const bands = thresholds.length + 1;
  const step = width / bands;
  const boxes = Array.from({ length: bands }, (_, i) =>
    el('rect', {
      x: i * step,
      width: step + (i < bands - 1 ? 0.4 : 0),
      height: thick,
      fill: batlow((i + 0.5) / bands),
    }),
  );
  const tip = (place: number, side: number, t: number) =>
    el('path', {
      d: `M${num(place)} 0L${num(place + side * 9)} ${thick / 2}L${num(place)} ${thick}Z`,
      fill: batlow(t),
    });
  const widest = Math.max(0, ...thresholds.map((value) => textWidth(brief(value), 11))) + 10;
  const every = Math.max(1, Math.ceil(widest / step));
  const ticks = thresholds.flatMap((value, i) =>
    i % every === 0 ? [textAt((i + 1) * step, thick + 14, brief(value), { fill: theme.ink2, anchor: 'middle' })] : [],
  );
  const lines = wrap(label, 11, width + 20, 3).map((line, i) =>
    textAt(width / 2, thick + 30 + i * lineHeight, line, { fill: theme.ink2, anchor: 'middle' }),
  );
  return {
    height: oneLineBar + Math.max(0, lines.length - 1) * lineHeight,
    markup: at(
      x,
      y,
      ...boxes,
      below ? tip(0, -1, 0.5 / bands) : '',
      above ? tip(width, 1, 1 - 0.5 / bands) : '',
      ...ticks,
      ...lines,
    ),
  };
}
