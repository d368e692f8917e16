/** Panels in rows: all beside each other at their usual size, or as many to a row as a given width holds. */
import { type FigureSize, margin, widthWithin } from './frame';

export interface PanelPlan {
  readonly count: number;
  /** Side of a panel where no width is asked for. */
  readonly usual: number;
  /** Height of a panel by its width; square when not given. */
  readonly tallness?: (side: number) => number;
  /** Panels with less room go to the next row. */
  readonly smallest: number;
  /** Room before the first panel of a row, between panels, and above and below each, in px. */
  readonly left: number;
  readonly gap: number;
  readonly above: number;
  readonly below: number;
}

export interface PanelLayout {
  readonly width: number;
  readonly height: number;
  /** Side of each panel. */
  readonly side: number;
  /** Upper left corner of each panel itself. */
  readonly places: readonly { readonly x: number; readonly y: number; readonly first: boolean }[];
}

const largest = 460;
const right = margin + 4;

export function panelLayout(
  { count, usual, tallness = (side) => side, smallest, left, gap, above, below }: PanelPlan,
  size: FigureSize,
): PanelLayout {
  const width = widthWithin(size, Math.max(420, left + count * (usual + gap) - gap + right));
  const inner = width - left - right;
  const fitting = Math.max(1, Math.min(count, Math.floor((inner + gap) / (smallest + gap))));
  const rows = Math.max(1, Math.ceil(count / fitting));
  const columns = Math.ceil(count / rows);
  const side = size.width === undefined ? usual : Math.min(largest, Math.floor((inner + gap) / columns - gap));
  const rowHeight = above + tallness(side) + below;
  return {
    width,
    height: rows * rowHeight,
    side,
    places: Array.from({ length: count }, (_, i) => ({
      x: left + (i % columns) * (side + gap),
      y: Math.floor(i / columns) * rowHeight + above,
      first: i % columns === 0,
    })),
  };
}
