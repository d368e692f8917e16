/** What every figure shares: ground, title, legend, caption, provenance, and words for readers who cannot see it. */
import { type Legend, legendRows } from './legend';
import type { Provenance } from './png-text';
import { fit, wrap } from './text-width';
import { type ThemeName, themes } from './theme';
import { at, el, escapeXml, textAt } from './xml';

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

/** The whole SVG document. */
export function frame(
  { words, width, height, legend, description }: Frame,
  themeName: ThemeName,
  ...body: string[]
): string {
  const theme = themes[themeName];
  const inner = width - 2 * margin;
  const keys = legend ? legendRows(legend, inner, theme) : { height: 0, markup: '' };
  const caption = wrap(words.caption ?? '', 11, inner);
  let top = margin + 14;
  const head = [textAt(margin, top, fit(words.title, 15, inner), { fill: theme.ink, size: 15, weight: 600 })];
  for (const line of wrap(words.subtitle ?? '', 12, inner, 2)) {
    top += 18;
    head.push(textAt(margin, top, line, { fill: theme.ink2, size: 12 }));
  }
  top += 14;
  head.push(at(margin, top, keys.markup));
  top += keys.height;
  const foot = caption.map((line, i) =>
    textAt(margin, top + height + 20 + i * 16, line, { fill: theme.ink3, size: 11 }),
  );
  const total = Math.ceil(top + height + (caption.length > 0 ? caption.length * 16 + 8 : 0) + margin - 4);
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
    el('rect', { width, height: total, fill: theme.raised }),
    ...head,
    at(0, top, ...body),
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
