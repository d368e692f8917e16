/** Reads as much of our PDFs as tests need: the words on the page, in the order they were written, and the entries of its information. */
import { inflateSync } from 'node:zlib';

function objects(pdf: Buffer): Map<number, string> {
  const text = pdf.toString('latin1');
  const found = new Map<number, string>();
  for (const { 1: id, 2: body = '' } of text.matchAll(/(?:^|\n)(\d+) 0 obj\n([^]*?)\nendobj/g)) {
    const stream = /^([^]*?)\nstream\n([^]*)\nendstream$/.exec(body);
    const [, head = body, raw = ''] = stream ?? [];
    const data =
      /FlateDecode/.test(head) && !/\/Image/.test(head)
        ? inflateSync(Buffer.from(raw, 'latin1')).toString('latin1')
        : raw;
    found.set(Number(id), stream ? `${head}\nstream\n${data}` : body);
  }
  return found;
}

const utf16 = (hex: string): string => Buffer.from(hex, 'hex').swap16().toString('utf16le');

/** Letters by glyph number, from a ToUnicode map. */
function lettersOf(map: string): Map<number, string> {
  const letters = new Map<number, string>();
  for (const { 1: from = '0', 2: list = '' } of map.matchAll(/<([\da-f]+)> <[\da-f]+> \[([^\]]*)\]/g))
    [...list.matchAll(/<([\da-f ]*)>/g)].forEach(([, hex = ''], i) => {
      letters.set(Number.parseInt(from, 16) + i, utf16(hex.replaceAll(' ', '')));
    });
  return letters;
}

/** A line for each text element. */
export function pdfText(bytes: Uint8Array): string {
  const all = objects(Buffer.from(bytes));
  const fonts = new Map<string, Map<number, string>>();
  for (const body of all.values())
    for (const { 1: name = '', 2: id } of body.matchAll(/\/(F\d+) (\d+) 0 R/g)) {
      const map = /\/ToUnicode (\d+) 0 R/.exec(all.get(Number(id)) ?? '')?.[1];
      if (map) fonts.set(name, lettersOf(all.get(Number(map)) ?? ''));
    }
  const lines: string[] = [];
  for (const body of all.values())
    for (const [block] of body.matchAll(/\nBT\n[^]*?\nET/g)) {
      const letters = fonts.get(/\/(F\d+) /.exec(block)?.[1] ?? '');
      lines.push(
        [...block.matchAll(/<([\da-f]{4})> Tj/g)]
          .map(([, hex = '']) => letters?.get(Number.parseInt(hex, 16)) ?? '')
          .join(''),
      );
    }
  return lines.join('\n');
}

/** The information dictionary's entries, for words in Latin-1 and UTF-16. */
export function pdfInformation(bytes: Uint8Array): Record<string, string> {
  const text = Buffer.from(bytes).toString('latin1');
  const all = objects(Buffer.from(bytes));
  const info = all.get(Number(/\/Info (\d+) 0 R/.exec(text)?.[1])) ?? '';
  return Object.fromEntries(
    [...info.matchAll(/\/(\w+) (\d+) 0 R/g)].map(([, key = '', id]) => [key, literal(all.get(Number(id)) ?? '')]),
  );
}

function literal(body: string): string {
  const escapes: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };
  const raw = body.replace(/^\(|\)$/g, '').replace(/\\([^])/g, (_, letter: string) => escapes[letter] ?? letter);
  return raw.startsWith('\u00fe\u00ff') ? utf16(Buffer.from(raw.slice(2), 'latin1').toString('hex')) : raw;
}
