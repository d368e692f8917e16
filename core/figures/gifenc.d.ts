/** The part of gifenc that we use; the package has no types of its own. */
declare module 'gifenc' {
  type Palette = number[][];
  interface Encoder {
    writeFrame(
      index: Uint8Array,
      width: number,
      height: number,
      options: { palette?: Palette; delay?: number; repeat?: number; first?: boolean },
    ): void;
    finish(): void;
    bytes(): Uint8Array<ArrayBuffer>;
  }
  const gifenc: {
    GIFEncoder(options?: { auto?: boolean }): Encoder;
    quantize(rgba: Uint8ClampedArray | Uint8Array, colours: number, options?: { format: 'rgb444' | 'rgb565' }): Palette;
    applyPalette(
      rgba: Uint8ClampedArray | Uint8Array,
      palette: Palette,
      format?: 'rgb444' | 'rgb565',
    ): Uint8Array<ArrayBuffer>;
  };
  export default gifenc;
}
