/** The grid picture of `lowland sample`: at most 400 of the images, spread over all, gathered as they come. */
import { type ImageShape, valuesOf } from '../data/dataset';
import type { Provenance } from '../figures/png-text';
import { gridPng } from '../figures/png';

const most = 400;

/** Small images are drawn about 56 pixels high. */
export const zoom = ([height]: ImageShape): number => Math.max(1, Math.round(56 / height));

/** `shown` of `n` places, or all, evenly spread. */
export const spread = (n: number, shown: number): number[] =>
  Array.from({ length: Math.min(n, shown) }, (_, i) => Math.floor((i * n) / Math.min(n, shown)));

export class SampleGrid {
  readonly #shown: number[];
  readonly #pixels: Float32Array;
  readonly #stride: number;

  constructor(
    n: number,
    readonly shape: ImageShape,
  ) {
    this.#shown = spread(n, most);
    this.#stride = valuesOf(shape);
    this.#pixels = new Float32Array(this.#shown.length * this.#stride);
  }

  /** Takes what it shows of `images` [m, h, w, c], the first of which is image `from`. */
  place(from: number, images: Float32Array): void {
    this.#shown.forEach((image, cell) => {
      const at = (image - from) * this.#stride;
      if (at >= 0 && at < images.length) this.#pixels.set(images.subarray(at, at + this.#stride), cell * this.#stride);
    });
  }

  png(provenance: Provenance): Uint8Array {
    const columns = Math.ceil(Math.sqrt(this.#shown.length));
    const layout = { columns, scale: zoom(this.shape), gap: 1 };
    return gridPng(this.#pixels, this.#shown.length, this.shape, { ...layout, provenance });
  }
}
