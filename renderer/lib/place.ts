/** Where something that floats goes: beside its anchor, inside the window. */

export type Side = 'below' | 'above' | 'right';

export interface Place {
  readonly left: number;
  readonly top: number;
}

const margin = 8;
const clamp = (value: number, low: number, high: number) => Math.max(low, Math.min(high, value));

/** Fixed coordinates for `size` beside `anchor`; turns over where there is no room. `align` end keeps right edges together. */
export function place(
  anchor: DOMRect,
  size: { readonly width: number; readonly height: number },
  side: Side = 'below',
  align: 'start' | 'centre' | 'end' = 'start',
  gap = 4,
): Place {
  const along =
    align === 'start'
      ? anchor.left
      : align === 'end'
        ? anchor.right - size.width
        : anchor.left + (anchor.width - size.width) / 2;
  const left = side === 'right' ? anchor.right + gap : along;
  const below = anchor.bottom + gap;
  const above = anchor.top - gap - size.height;
  const fitsBelow = below + size.height <= innerHeight - margin;
  const top =
    side === 'right'
      ? anchor.top + (anchor.height - size.height) / 2
      : side === 'below'
        ? fitsBelow || above < margin
          ? below
          : above
        : above >= margin
          ? above
          : below;
  return {
    left: clamp(left, margin, Math.max(margin, innerWidth - size.width - margin)),
    top: clamp(top, margin, Math.max(margin, innerHeight - size.height - margin)),
  };
}
