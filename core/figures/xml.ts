/** SVG as strings: elements, numbers and escaped text. Everything that comes from outside goes through `escapeXml`. */

type Attributes = Readonly<Record<string, string | number | undefined>>;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text for XML and HTML, in content and in quoted attributes; what XML 1.0 cannot hold becomes U+FFFD. */
export const escapeXml = (text: string): string =>
  text
    // eslint-disable-next-line no-control-regex
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]/gu, '\ufffd')
    .replace(/[&<>"']/g, (letter) => entities[letter] ?? letter);

/** A coordinate with at most two decimals. */
export const num = (value: number): string => String(Math.round(value * 100) / 100 || 0);

/** An element; children are markup, attributes are escaped, undefined ones left out. */
export function el(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? num(value) : escapeXml(String(value))}"`)
    .join('');
  const inner = children.join('');
  return inner === '' ? `<${name}${written}/>` : `<${name}${written}>${inner}</${name}>`;
}

export interface TextStyle {
  readonly fill: string;
  readonly size?: number;
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly weight?: 600;
  /** Degrees about (x, y). */
  readonly rotate?: number;
  /** Colour of an outline behind the letters. */
  readonly halo?: string;
}

/** A line of text whose baseline starts, is centred or ends at (x, y). */
export const textAt = (
  x: number,
  y: number,
  text: string,
  { fill, size = 11, anchor = 'start', weight, rotate, halo }: TextStyle,
): string =>
  el(
    'text',
    {
      x,
      y,
      fill,
      'font-size': size,
      'text-anchor': anchor === 'start' ? undefined : anchor,
      'font-weight': weight,
      transform: rotate ? `rotate(${num(rotate)} ${num(x)} ${num(y)})` : undefined,
      stroke: halo,
      ...(halo ? { 'stroke-width': 3, 'stroke-linejoin': 'round', 'paint-order': 'stroke' } : {}),
    },
    escapeXml(text),
  );

/** A group moved by (x, y). */
export const at = (x: number, y: number, ...children: readonly string[]): string =>
  el('g', { transform: `translate(${num(x)} ${num(y)})` }, ...children);

/** A rectangle of its own coordinates that hides what lies outside it. */
export const clipped = (x: number, y: number, width: number, height: number, ...children: readonly string[]): string =>
  el('svg', { x, y, width, height, overflow: 'hidden' }, ...children);
