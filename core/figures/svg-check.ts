/**
 * What a picture that crosses a channel may hold: shapes, text, clips, gradients and PNG images inside it. What could run, load or read
 * anything is refused, so that neither a viewer of the file nor our own converters follow it.
 */
import { AppError } from '../lib/errors';
import { type SvgElement, readSvg } from './svg-reader';

/** Characters of the document. */
export const largestSvg = 16 * 2 ** 20;
/** Pixels of all images inside it. */
const mostPixels = 2 ** 25;

const drawing = 'svg g defs title desc metadata rect circle ellipse line path polyline polygon text tspan image';
const elements = new Set([...drawing.split(' '), 'clipPath', 'linearGradient', 'radialGradient', 'stop']);
const prefixed = new Set(['xmlns:xlink', 'xlink:href', 'xml:space', 'xml:lang']);
const svgNamespace = 'http://www.w3.org/2000/svg';
const pngPrefix = 'data:image/png;base64,';

const refused = (sentence: string): AppError =>
  new AppError('BAD_DATA', sentence, 'Export takes the figures that Lowland draws.');

/** The document as a tree. @throws AppError BAD_DATA with the first thing in it that an export does not take. */
export function checkedSvg(svg: string): SvgElement {
  if (svg.length > largestSvg)
    throw refused(`The picture has ${svg.length} characters; an export takes at most ${largestSvg}.`);
  const root = readSvg(svg);
  if (root.attributes.xmlns !== svgNamespace)
    throw refused('The picture is not one SVG document: its namespace is missing.');
  const pixels = checkElement(root, false);
  if (pixels > mostPixels)
    throw refused(`The picture's images have ${pixels} pixels; an export takes at most ${mostPixels}.`);
  return root;
}

/** Gives back the pixels of the images inside. */
function checkElement({ name, attributes, children }: SvgElement, clip: boolean): number {
  if (!elements.has(name)) throw refused(`The picture holds <${name}>, which an export does not take.`);
  for (const [key, value] of Object.entries(attributes)) checkAttribute(name, key, value, clip);
  const own = name === 'image' ? imagePixels(attributes.href ?? attributes['xlink:href'] ?? '') : 0;
  return children.reduce(
    (sum, child) => (typeof child === 'string' ? sum : sum + checkElement(child, clip || name === 'clipPath')),
    own,
  );
}

function checkAttribute(name: string, key: string, value: string, clip: boolean): void {
  const where = `'${key}' of <${name}>`;
  if (/^on/i.test(key)) throw refused(`The picture holds ${where}, which could run a script.`);
  if (key.includes(':') && !prefixed.has(key))
    throw refused(`The picture holds ${where}, which an export does not take.`);
  if (key === 'href' || key === 'xlink:href') {
    if (name !== 'image' || !value.startsWith(pngPrefix))
      throw refused(`${where} leads outside the picture: ${JSON.stringify(value.slice(0, 60))}.`);
    return;
  }
  if (key === 'style' && /[@\\<]|\/\*/.test(value))
    throw refused(`The picture holds ${where} with a rule that an export does not take.`);
  for (const [, target = ''] of value.matchAll(/url\s*\(([^)]*)/gi)) {
    if (!/^\s*["']?#[\w-]+["']?\s*$/.test(target))
      throw refused(`${where} leads outside the picture: ${JSON.stringify(target.slice(0, 60))}.`);
    if (clip) throw refused(`${where} stands inside a clip; an export does not take clips within clips.`);
  }
}

/** Width times height as the PNG's header says. */
function imagePixels(href: string): number {
  const [header, view] = [atobBytes(href.slice(pngPrefix.length, pngPrefix.length + 32)), 24];
  if (header.length < view || header[1] !== 0x50 || header[12] !== 0x49)
    throw refused('An image inside the picture is not a PNG.');
  const data = new DataView(header.buffer);
  return data.getUint32(16) * data.getUint32(20);
}

function atobBytes(base64: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  } catch {
    return new Uint8Array();
  }
}
