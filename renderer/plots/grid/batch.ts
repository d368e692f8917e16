/** Images of a batch [n, h, w, c] one by one. */
import { type Shape, toRgba } from '../../lib/pixels';

export const valuesOf = ([height, width, channels]: Shape): number => height * width * channels;

/** Image i, without a copy. */
export const imageOf = (images: Uint8Array, shape: Shape, i: number): Uint8Array =>
  images.subarray(i * valuesOf(shape), (i + 1) * valuesOf(shape));

/** Draws every image where `place` says, sharp. Does nothing without a 2-D context. */
export function drawBatch(
  context: CanvasRenderingContext2D,
  images: Uint8Array,
  shape: Shape,
  place: (i: number) => { readonly left: number; readonly top: number },
  cell: { readonly width: number; readonly height: number },
): void {
  const [height, width] = shape;
  const scratch = document.createElement('canvas');
  scratch.width = width;
  scratch.height = height;
  const pen = scratch.getContext('2d');
  if (!pen) return;
  context.imageSmoothingEnabled = false;
  for (let i = 0; (i + 1) * valuesOf(shape) <= images.length; i++) {
    pen.putImageData(new ImageData(toRgba(imageOf(images, shape, i), shape), width, height), 0, 0);
    const { left, top } = place(i);
    context.drawImage(scratch, left, top, cell.width, cell.height);
  }
}
