/** A strict reader of the part of XML that figures use: every tag closed in order, attributes quoted, nothing unescaped. */

const tag = /<(\/?)([a-z]+)((?: [a-zA-Z-]+="[^"<]*")*)(\/?)>/y;
const content = /[^<&]*/y;
const entity = /&(?:amp|lt|gt|quot|#39);/y;

const match = (pattern: RegExp, text: string, at: number): RegExpExecArray | null => {
  pattern.lastIndex = at;
  return pattern.exec(text);
};

/** Undefined when `xml` is one well-formed element, else what is wrong where. */
export function xmlProblem(xml: string): string | undefined {
  const open: string[] = [];
  for (let at = 0; at < xml.length;) {
    const here = `at ${at}: ${xml.slice(at, at + 60)}`;
    const found = match(tag, xml, at) ?? match(entity, xml, at);
    if (!found) {
      const plain = match(content, xml, at)?.[0] ?? '';
      if (plain === '') return `neither tag nor text ${here}`;
      if (open.length === 0) return `text outside the root ${here}`;
      at += plain.length;
      continue;
    }
    const [whole, closing, name = '', attributes = '', empty] = found;
    if (name !== '') {
      const names = [...attributes.matchAll(/ ([a-zA-Z-]+)=/g)].map(([, attribute]) => attribute);
      if (new Set(names).size < names.length) return `an attribute twice ${here}`;
      if (/&(?!amp;|lt;|gt;|quot;|#39;)/.test(attributes)) return `an unescaped & ${here}`;
      if (closing && open.pop() !== name) return `closes what is not open ${here}`;
      if (!closing && !empty) open.push(name);
    }
    at += whole.length;
    if (open.length === 0 && at < xml.length) return `something after the root ${here}`;
  }
  return open.length > 0 ? `left open: ${open.join(', ')}` : undefined;
}
