/** A picture made ready for a file: its physical size, its ground left out, its provenance, the colours of a theme. Pure. */
import { AppError } from '../lib/errors';
import type { Provenance } from './png-text';
import type { SvgElement } from './svg-reader';
import { type ThemeName, themes, tokens, variable } from './theme';

export interface PhysicalWidth {
  readonly value: number;
  readonly unit: 'mm' | 'px';
}

/** CSS pixels in a millimetre. */
export const pxPerMm = 96 / 25.4;
const largest = 20_000;

/** Sizes in CSS pixels: as drawn, and as the file should appear. */
export interface OutputSize {
  readonly drawn: { readonly width: number; readonly height: number };
  readonly width: number;
  readonly height: number;
}

/** @throws AppError BAD_DATA when the picture has no size, BAD_OPTION for a width that cannot be. */
export function outputSize({ attributes }: SvgElement, asked: PhysicalWidth | undefined): OutputSize {
  const box = (attributes.viewBox ?? '')
    .trim()
    .split(/[\s,]+/)
    .map(Number);
  const plain = (text: string | undefined) =>
    /^\d+(\.\d+)?(px)?$/.test(text ?? '') ? Number.parseFloat(text ?? '') : NaN;
  const [width = NaN, height = NaN] =
    box.length === 4 ? [box[2], box[3]] : [plain(attributes.width), plain(attributes.height)];
  if (!(width > 0 && height > 0 && width <= largest && height <= largest))
    throw new AppError('BAD_DATA', `The picture has no size that can be exported: ${width} × ${height}.`);
  if (!asked) return { drawn: { width, height }, width, height };
  const wanted = asked.unit === 'mm' ? asked.value * pxPerMm : asked.value;
  if (!(wanted >= 1 && wanted <= largest))
    throw new AppError(
      'BAD_OPTION',
      `The width is ${asked.value} ${asked.unit}; it must be from 1 px to ${largest} px.`,
    );
  return { drawn: { width, height }, width: wanted, height: (wanted * height) / width };
}

/** A theme's colours for those that would follow a page. */
export const withTheme = (svg: string, theme: Exclude<ThemeName, 'page'>): string =>
  svg.includes('var(')
    ? tokens.reduce((drawn, token) => drawn.replaceAll(`var(${variable(token)})`, themes[theme][token]), svg)
    : svg;

const isElement = (child: SvgElement | string): child is SvgElement => typeof child !== 'string';
const isGround = (child: SvgElement | string): boolean =>
  isElement(child) && child.name === 'rect' && child.attributes['data-part'] === 'ground';

/** The text of the first child of that name. */
export const wordsOf = ({ children }: SvgElement, name: string): string =>
  children
    .filter(isElement)
    .find((child) => child.name === name)
    ?.children.filter((child) => typeof child === 'string')
    .join('') ?? '';

/** The same picture without its ground and with `provenance` in place of what it says of itself, where there is any. */
export function dressed(
  root: SvgElement,
  { transparent, provenance }: { transparent: boolean; provenance: Provenance },
): SvgElement {
  const kept = root.children.filter((child) => !(transparent && isGround(child)));
  if (Object.keys(provenance).length === 0) return { ...root, children: kept };
  const metadata = { name: 'metadata', attributes: {}, children: [JSON.stringify(provenance)] };
  const rest = kept.filter((child) => !isElement(child) || child.name !== 'metadata');
  const head = rest.findLastIndex((child) => isElement(child) && (child.name === 'title' || child.name === 'desc'));
  return { ...root, children: [...rest.slice(0, head + 1), metadata, ...rest.slice(head + 1)] };
}

/** The same picture at its physical size. */
export function sized(root: SvgElement, { drawn, width, height }: OutputSize, unit: 'mm' | 'px'): SvgElement {
  const length = (px: number) =>
    unit === 'mm' ? `${Number((px / pxPerMm).toFixed(3))}mm` : String(Number(px.toFixed(2)));
  const viewBox = root.attributes.viewBox ?? `0 0 ${drawn.width} ${drawn.height}`;
  return { ...root, attributes: { ...root.attributes, width: length(width), height: length(height), viewBox } };
}
