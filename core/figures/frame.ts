/** What every figure shares: ground, title, legend, caption, provenance, and words for readers who cannot see it. */
import { type Legend, legendRows } from './legend';
import type { Provenance } from './png-text';
import { fit, wrap } from './text-width';
import { type Theme, type ThemeName, themes } from './theme';
import { at, el, escapeXml, textAt } from './xml';

/** How large a figure is laid out, in px. Figures of square panels or images take their height from the width. */
export interface FigureSize {
  readonly width?: number | undefined;
  readonly height?: number | undefined;
}

/** The words round a figure. */
export interface FigureText {
  readonly title: string;
  readonly subtitle?: string;
  readonly caption?: string;
  readonly provenance?: Provenance;
}

export interface Frame {
  readonly words: FigureText;
  readonly width: number;
  /** Height of the body, which is drawn from (0, 0) below the title and the legend. */
  readonly height: number;
  readonly legend?: Legend;
  /** What is to be seen, in a sentence, for screen readers. */
  readonly description: string;
}

export const margin = 16;
export const fontFamily = 'Inter, sans-serif';

const narrowest = 240;
const largest = 4000;
/** The width asked for, within what can be read and drawn; else the usual one. */
export const widthWithin = ({ width }: FigureSize, usual: number): number =>
  Math.round(width === undefined ? usual : Math.min(largest, Math.max(narrowest, width)));

interface Head {
  readonly markup: readonly string[];
  readonly height: number;
}

function headOf({ title, subtitle }: FigureText, legend: Legend | undefined, width: number, theme: Theme): Head {
  const inner = width - 2 * margin;
  const keys = legend ? legendRows(legend, inner, theme) : { height: 0, markup: '' };
  let top = margin - 5;
  const words = wrap(title, 15, inner, 2).map((line) => {
    top += 19;
    return textAt(margin, top, line, { fill: theme.ink, size: 15, weight: 600 });
  });
  for (const line of wrap(subtitle ?? '', 12, inner, 2)) {
    top += 18;
    words.push(textAt(margin, top, line, { fill: theme.ink2, size: 12 }));
  }
  top += 14;
  return { markup: [...words, at(margin, top, keys.markup)], height: top + keys.height };
}

const footHeight = (lines: number): number => (lines > 0 ? lines * 16 + 8 : 0) + margin - 4;
const captionOf = ({ caption }: FigureText, width: number): string[] => wrap(caption ?? '', 11, width - 2 * margin);

/** Width and height of the body of a chart: half as high as wide where no height is asked for. */
export function bodySize(
  words: FigureText,
  size: FigureSize,
  { usual = 560, ratio = 0.5, legend }: { usual?: number; ratio?: number; legend?: Legend } = {},
): { width: number; height: number } {
  const width = widthWithin(size, usual);
  if (size.height === undefined) return { width, height: Math.max(200, Math.round(width * ratio)) };
  const rest = headOf(words, legend, width, themes.light).height + footHeight(captionOf(words, width).length);
  return { width, height: Math.max(130, Math.min(largest, size.height) - Math.ceil(rest)) };
}

/** The whole SVG document. */
export function frame(
  { words, width, height, legend, description }: Frame,
  themeName: ThemeName,
  ...body: string[]
): string {
  const theme = themes[themeName];
  const head = headOf(words, legend, width, theme);
  const caption = captionOf(words, width);
  const foot = caption.map((line, i) =>
    textAt(margin, head.height + height + 20 + i * 16, line, { fill: theme.ink3, size: 11 }),
  );
  const total = Math.ceil(head.height + height + footHeight(caption.length));
  return el(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      width,
      height: total,
      viewBox: `0 0 ${width} ${total}`,
      role: 'img',
      'font-family': fontFamily,
      'font-size': 11,
    },
    el('title', {}, escapeXml(words.title)),
    el('desc', {}, escapeXml(description)),
    words.provenance ? el('metadata', {}, escapeXml(JSON.stringify(words.provenance))) : '',
    el('rect', { 'data-part': 'ground', width, height: total, fill: theme.raised }),
    ...head.markup,
    at(0, head.height, ...body),
    ...foot,
  );
}

/** A figure that says why there is nothing to draw. */
export const emptyFigure = (words: FigureText, width: number, sentence: string, themeName: ThemeName): string => {
  const theme = themes[themeName];
  return frame(
    { words, width, height: 96, description: sentence },
    themeName,
    el('rect', { x: margin, y: 4, width: width - 2 * margin, height: 88, rx: 6, fill: theme.sunken }),
    textAt(width / 2, 52, fit(sentence, 12, width - 4 * margin), { fill: theme.ink2, size: 12, anchor: 'middle' }),
  );
};
