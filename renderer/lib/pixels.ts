/** Pixels [h, w, c] with c = 1, 3 or 4, as uint8 or float32 in [0,1], to what a canvas draws. */

export type Pixels = Uint8Array | Uint8ClampedArray | Float32Array;
export type Shape = readonly [height: number, width: number, channels: number];

/** RGBA bytes of an image. */
export function toRgba(pixels: Pixels, [height, width, channels]: Shape): Uint8ClampedArray<ArrayBuffer> {
  const scale = pixels instanceof Float32Array ? 255 : 1;
  const rgba = new Uint8ClampedArray(height * width * 4);
  for (let i = 0; i < height * width; i++) {
    const from = i * channels;
    for (let k = 0; k < 3; k++) rgba[i * 4 + k] = (pixels[from + (channels === 1 ? 0 : k)] ?? 0) * scale;
    rgba[i * 4 + 3] = channels === 4 ? (pixels[from + 3] ?? 1) * scale : 255;
  }
  return rgba;
}

/** Draws the image at one canvas pixel a pixel; CSS enlarges it. Without a 2-D context (tests) it draws nothing. */
export function draw(canvas: HTMLCanvasElement, pixels: Pixels, shape: Shape): void {
  const [height, width] = shape;
  canvas.width = width;
  canvas.height = height;
  canvas.getContext('2d')?.putImageData(new ImageData(toRgba(pixels, shape), width, height), 0, 0);
}

/** The canvas as PNG bytes, for the clipboard or a file. */
export async function pngOf(canvas: HTMLCanvasElement): Promise<Uint8Array<ArrayBuffer>> {
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (!blob) throw new Error('The image could not be written as PNG.');
  return new Uint8Array(await blob.arrayBuffer());
}
