/** A drawn mask [h, w]: 1 where an image may change. Pure: every stroke gives a new mask. */

export interface MaskSize {
  readonly height: number;
  readonly width: number;
}
export interface Spot {
  /** In pixels of the image; whole numbers are the middles of pixels. */
  readonly row: number;
  readonly column: number;
}

/** A round brush drawn from one spot to the other. */
export function stroke(
  mask: Uint8Array,
  { height, width }: MaskSize,
  from: Spot,
  to: Spot,
  { radius, value }: { readonly radius: number; readonly value: 0 | 1 },
): Uint8Array<ArrayBuffer> {
  const out = mask.slice();
  const reach = Math.max(0.5, radius);
  const [down, across] = [to.row - from.row, to.column - from.column];
  const length = down * down + across * across;
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++) {
      const along = length === 0 ? 0 : ((row - from.row) * down + (column - from.column) * across) / length;
      const t = Math.min(1, Math.max(0, along));
      const distance = Math.hypot(row - from.row - t * down, column - from.column - t * across);
      if (distance <= reach) out[row * width + column] = value;
    }
  return out;
}

export const inverted = (mask: Uint8Array): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(mask, (value) => (value ? 0 : 1));
export const filled = ({ height, width }: MaskSize, value: 0 | 1): Uint8Array<ArrayBuffer> =>
  new Uint8Array(height * width).fill(value);

/** Share of the pixels that may change. */
export const share = (mask: Uint8Array): number =>
  mask.reduce((sum, value) => sum + value, 0) / Math.max(1, mask.length);
