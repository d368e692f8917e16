/** Where square panels stand so that they are as large as the surface allows: side by side, or in rows. */
import { axisHeight } from '../../../core/figures/contour-axes';

export interface PanelPlace {
  readonly x: number;
  readonly y: number;
  /** First of its row: the second axis stands beside it. */
  readonly first: boolean;
}
export interface Arrangement {
  readonly side: number;
  readonly places: readonly PanelPlace[];
  readonly width: number;
  readonly height: number;
}

export interface Margins {
  readonly left: number;
  readonly gap: number;
  /** Above and below each panel. */
  readonly above: number;
  readonly below: number;
  /** Height of a panel over its width. */
  readonly ratio: number;
  /** Narrower panels are not read: rather the surface scrolls. */
  readonly smallest: number;
}

export const flatMargins: Margins = { left: 58, gap: 20, above: 46, below: axisHeight, ratio: 1, smallest: 150 };

/** Side by side is read best: another row must make panels this much larger. */
const worthARow = 1.3;
const largest = 620;

/** `count` panels in width x height CSS pixels. */
export function arrange(
  count: number,
  { width, height }: { readonly width: number; readonly height: number },
  { left, gap, above, below, ratio, smallest }: Margins,
): Arrangement {
  const all = Math.max(1, count);
  let best = { side: 0, columns: all };
  for (let rows = 1; rows <= all; rows++) {
    const columns = Math.ceil(all / rows);
    if (Math.ceil(all / columns) !== rows) continue;
    const across = (width - left - 16 - (columns - 1) * gap) / columns;
    const down = (height / rows - above - below) / ratio;
    const side = Math.floor(Math.min(across, down));
    if (side > worthARow * best.side) best = { side, columns };
  }
  if (best.side < smallest) {
    const columns = Math.max(1, Math.min(all, Math.floor((width - left - 16 + gap) / (smallest + gap))));
    best = { side: Math.max(smallest, Math.floor((width - left - 16 + gap) / columns - gap)), columns };
  }
  const side = Math.min(largest, best.side);
  const { columns } = best;
  const rowHeight = above + side * ratio + below;
  return {
    side,
    width: left + columns * (side + gap),
    height: Math.ceil(count / columns) * rowHeight,
    places: Array.from({ length: count }, (_, i) => ({
      x: left + (i % columns) * (side + gap),
      y: Math.floor(i / columns) * rowHeight + above,
      first: i % columns === 0,
    })),
  };
}
