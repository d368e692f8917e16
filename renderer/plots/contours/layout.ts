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
}

export const flatMargins: Margins = { left: 58, gap: 20, above: 46, below: axisHeight, ratio: 1 };

const smallest = 120;
const largest = 620;

/** `count` panels in width x height CSS pixels. */
export function arrange(
  count: number,
  { width, height }: { readonly width: number; readonly height: number },
  { left, gap, above, below, ratio }: Margins,
): Arrangement {
  let best = { side: 0, columns: 1 };
  for (let columns = 1; columns <= Math.max(1, count); columns++) {
    const rows = Math.ceil(Math.max(1, count) / columns);
    const across = (width - left - 16 - (columns - 1) * gap) / columns;
    const down = (height / rows - above - below) / ratio;
    const side = Math.floor(Math.min(across, down));
    if (side > best.side) best = { side, columns };
  }
  const side = Math.min(largest, Math.max(smallest, best.side));
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
