/** Rows of labelled keys that break at the width. */
import { fit, textWidth } from './text-width';
import type { Theme } from './theme';
import { el, num, textAt } from './xml';

export interface LegendItem {
  readonly label: string;
  readonly colour: string;
  readonly mark: 'line' | 'box' | 'dot';
  /** Dashes and gaps of a line, in px. */
  readonly dash?: string | undefined;
}
export type Legend = readonly LegendItem[];

const keyWidth = 20;
const rowHeight = 18;
const size = 11.5;

function key({ colour, mark, dash }: LegendItem, x: number, y: number): string {
  switch (mark) {
    case 'box':
      return el('rect', { x, y: y - 5, width: 12, height: 10, rx: 2, fill: colour, 'fill-opacity': 0.8 });
    case 'dot':
      return el('circle', { cx: x + 5, cy: y, r: 4, fill: colour });
    default:
      return el('path', {
        d: `M${num(x)} ${num(y)}h16`,
        stroke: colour,
        'stroke-width': 2.2,
        'stroke-dasharray': dash,
        fill: 'none',
      });
  }
}

/** Drawn from (0, 0); `height` includes the space below. */
export function legendRows(items: Legend, width: number, theme: Theme): { height: number; markup: string } {
  if (items.length === 0) return { height: 0, markup: '' };
  let x = 0;
  let y = 6;
  const parts = items.map((item) => {
    const label = fit(item.label, size, Math.min(width - keyWidth, 300));
    const taken = keyWidth + textWidth(label, size);
    if (x > 0 && x + taken > width) {
      x = 0;
      y += rowHeight;
    }
    const drawn = key(item, x, y) + textAt(x + keyWidth, y + 4, label, { fill: theme.ink2, size });
    x += taken + 16;
    return drawn;
  });
  return { height: y + rowHeight, markup: parts.join('') };
}
