/** SVG text as a tree, for pictures that come from elsewhere: a strict reader of XML without document types, and its inverse. */
import { AppError } from '../lib/errors';
import { escapeXml } from './xml';

export interface SvgElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Elements, and text with its entities resolved. */
  readonly children: readonly (SvgElement | string)[];
}

const deepest = 64;
const most = 200_000;
const bad = (sentence: string): AppError =>
  new AppError('BAD_DATA', sentence, 'Export takes the figures that Lowland draws.');

const patterns = {
  declaration: /<\?xml[^?]{0,200}\?>\s*/y,
  comment: /<!--[^]*?-->/y,
  open: /<([a-zA-Z][\w.:-]*)/y,
  attribute: /\s+([a-zA-Z_][\w.:-]*)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y,
  end: /\s*(\/?)>/y,
  close: /<\/([a-zA-Z][\w.:-]*)\s*>/y,
  text: /[^<]+/y,
};

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function resolved(text: string): string {
  return text.replace(/&([^;&]{0,12};)?/g, (_, body: string | undefined) => {
    const name = body?.slice(0, -1) ?? '';
    const code = /^#x([0-9a-f]{1,6})$/i.exec(name)?.[1] ?? undefined;
    const point = code ? Number.parseInt(code, 16) : Number(/^#(\d{1,7})$/.exec(name)?.[1] ?? NaN);
    if (Number.isInteger(point) && point <= 0x10ffff) return String.fromCodePoint(point);
    const letter = Object.hasOwn(named, name) ? named[name] : undefined;
    if (letter === undefined) throw bad(`The picture is not well-formed: '&${name.slice(0, 12)}' is no entity.`);
    return letter;
  });
}

/** @throws AppError BAD_DATA when `svg` is not one well-formed <svg> element. */
export function readSvg(svg: string): SvgElement {
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(svg);
    if (found) at = pattern.lastIndex;
    return found;
  };
  const here = () => JSON.stringify(svg.slice(at, at + 40));
  const open: { name: string; children: (SvgElement | string)[] }[] = [];
  let root: SvgElement | undefined;
  let count = 0;
  at = /^\ufeff?\s*/.exec(svg)?.[0].length ?? 0;
  take(patterns.declaration);
  while (at < svg.length) {
    if (take(patterns.comment)) continue;
    const closed = take(patterns.close);
    if (closed) {
      if (open.pop()?.name !== closed[1]) throw bad(`The picture is not well-formed: </${closed[1]}> closes nothing.`);
      continue;
    }
    const opened = take(patterns.open);
    if (opened) {
      if (++count > most) throw bad(`The picture has more than ${most} elements.`);
      const name = opened[1] ?? '';
      const attributes: Record<string, string> = {};
      for (let found = take(patterns.attribute); found; found = take(patterns.attribute)) {
        const [, key = '', double, single] = found;
        if (Object.hasOwn(attributes, key))
          throw bad(`The picture is not well-formed: '${key}' stands twice in <${name}>.`);
        attributes[key] = resolved(double ?? single ?? '');
      }
      const end = take(patterns.end);
      if (!end) throw bad(`The picture is not well-formed at ${here()}.`);
      const element = { name, attributes, children: [] };
      const parent = open.at(-1);
      if (!parent && root) throw bad('The picture holds more than one document.');
      if (parent) parent.children.push(element);
      else root = element;
      if (!end[1]) open.push(element);
      if (open.length > deepest) throw bad(`The picture is nested deeper than ${deepest} elements.`);
      continue;
    }
    const text = take(patterns.text)?.[0];
    if (text === undefined) throw bad(`The picture is not well-formed at ${here()}.`);
    const parent = open.at(-1);
    if (parent) parent.children.push(resolved(text));
    else if (text.trim() !== '') throw bad('The picture is not one SVG document.');
  }
  if (!root || open.length > 0 || root.name !== 'svg') throw bad('The picture is not one SVG document.');
  return root;
}

/** The tree as text; the same tree gives the same text. */
export function writeSvg({ name, attributes, children }: SvgElement): string {
  const written = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${escapeXml(value)}"`)
    .join('');
  const inner = children.map((child) => (typeof child === 'string' ? escapeXml(child) : writeSvg(child))).join('');
  return inner === '' ? `<${name}${written}/>` : `<${name}${written}>${inner}</${name}>`;
}
