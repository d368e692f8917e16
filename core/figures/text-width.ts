/** Widths of text without a font engine: Inter's advances of printable ASCII in thousandths of the size, a mean for the rest. */

const advances = [
  281, 288, 466, 633, 642, 982, 644, 300, 365, 365, 501, 662, 288, 460, 288, 360, 631, 407, 610, 618, 646, 593, 620,
  566, 619, 620, 288, 302, 662, 662, 662, 511, 966, 690, 654, 730, 722, 601, 590, 746, 743, 269, 571, 672, 565, 903,
  753, 765, 639, 765, 644, 642, 646, 744, 690, 985, 682, 679, 629, 365, 360, 365, 471, 456, 323, 562, 612, 571, 612,
  583, 370, 613, 591, 242, 242, 549, 242, 876, 591, 600, 612, 612, 376, 528, 327, 591, 562, 818, 546, 562, 552, 426,
  333, 426, 662,
];
const otherAdvance = 662;
const wideAdvance = 1000;
/** Semibold is at most this much wider; regular text is measured alike, so that a fallback font has room. */
const slack = 1.04;

/** Width in pixels at a font size in pixels. */
export function textWidth(text: string, size: number): number {
  let sum = 0;
  for (const letter of text) {
    const code = letter.codePointAt(0) ?? 0;
    sum += advances[code - 32] ?? (code >= 0x1100 ? wideAdvance : otherAdvance);
  }
  return (sum / 1000) * size * slack;
}

/** `text`, or as much of its start as fits with an ellipsis. */
export function fit(text: string, size: number, width: number): string {
  if (textWidth(text, size) <= width) return text;
  const letters = [...text].slice(0, 400);
  while (letters.length > 0 && textWidth(`${letters.join('')}…`, size) > width) letters.pop();
  return `${letters.join('').trimEnd()}…`;
}

/** Lines broken between words; the last of `most` lines is shortened, a word longer than a line too. */
export function wrap(text: string, size: number, width: number, most = 4): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && textWidth(longer, size) > width && lines.length < most - 1) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return line === '' ? lines : [...lines, line].map((each) => fit(each, size, width));
}
