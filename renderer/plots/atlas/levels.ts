/**
 * The sizes at which tiles are fetched and kept: level k is reduced 2^k times. A page holds consecutive positions as a square of tiles,
 * so that one drawing operation shows a run of them and the number of columns on the screen does not matter.
 */
export interface Level {
  readonly reduce: number;
  /** Height and width of an image. */
  readonly height: number;
  readonly width: number;
  /** Side of the square that a tile has in a page. */
  readonly side: number;
  /** Tiles along a side of a page. */
  readonly across: number;
  /** Tiles of a page. */
  readonly tiles: number;
}

/** Pixels along a side of a page, and tiles at most. */
const pageSide = 512;
const mostAcross = 128;

/** From full size down to two pixels. */
export function levelsOf([height, width]: readonly [number, number, number]): Level[] {
  const levels: Level[] = [];
  for (let reduce = 1; reduce <= 64; reduce *= 2) {
    const [h, w] = [Math.ceil(height / reduce), Math.ceil(width / reduce)];
    const side = Math.max(h, w);
    const across = Math.max(1, Math.min(mostAcross, Math.floor(pageSide / side)));
    levels.push({ reduce, height: h, width: w, side, across, tiles: across * across });
    if (side <= 2) break;
  }
  return levels;
}

/** The smallest level that still has a pixel for each of `size` device pixels of a tile, or nearly. */
export function levelFor(levels: readonly Level[], size: number): number {
  for (let level = levels.length - 1; level > 0; level--) if ((levels[level]?.side ?? 0) >= size * 0.85) return level;
  return 0;
}

/** Tiles [n, h, w, c] as RGBA of a page, each in the middle of its square; what no tile covers is transparent. */
export function pageRgba(pixels: Uint8Array, channels: number, level: Level): Uint8ClampedArray<ArrayBuffer> {
  const { height, width, side, across } = level;
  const row = across * side;
  const count = pixels.length / (height * width * channels);
  const rgba = new Uint8ClampedArray(row * row * 4);
  const words = new Uint32Array(rgba.buffer);
  const [down, right] = [(side - height) >> 1, (side - width) >> 1];
  const grey = channels < 3;
  let from = 0;
  for (let i = 0; i < count; i++) {
    const top = Math.floor(i / across) * side + down;
    const left = (i % across) * side + right;
    for (let y = 0; y < height; y++) {
      let to = (top + y) * row + left;
      for (let x = 0; x < width; x++, from += channels, to++) {
        const r = pixels[from] ?? 0;
        const [g, b] = grey ? [r, r] : [pixels[from + 1] ?? 0, pixels[from + 2] ?? 0];
        words[to] = (0xff << 24) | (b << 16) | (g << 8) | r;
      }
    }
  }
  return rgba;
}
