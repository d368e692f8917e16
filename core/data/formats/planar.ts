/** Images as planes, channel by channel, to NHWC. */
import { type ImageShape, valuesOf } from '../dataset';

/** Writes the image that begins at `from` in `planes` (c planes of h*w values) as image `n` of `pixels`. */
export function fromPlanes(
  planes: Uint8Array,
  from: number,
  [height, width, channels]: ImageShape,
  pixels: Uint8Array,
  n: number,
): void {
  const area = height * width;
  const start = n * valuesOf([height, width, channels]);
  for (let c = 0; c < channels; c++)
    for (let i = 0; i < area; i++) pixels[start + i * channels + c] = planes[from + c * area + i] ?? 0;
}
