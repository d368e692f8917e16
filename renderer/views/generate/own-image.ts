/** Images to start from: a file of the user's, or one of a dataset, in the size that a model takes. */
import type { LowlandClient } from '../../../core/contract/api';
import { AppError } from '../../../core/lib/errors';
import type { Shape } from '../../lib/pixels';
import type { Side } from './sources.svelte';
import type { OwnImage } from './words';

/** The middle square of the picture, made smaller or larger. @throws AppError BAD_FILE for what is no picture. */
export async function imageFromFile(name: string, bytes: Uint8Array, shape: Shape): Promise<OwnImage> {
  const [height, width, channels] = shape;
  const refused = new AppError(
    'BAD_FILE',
    `'${name}' is not a picture that can be read.`,
    'Choose a PNG, JPEG, WebP or GIF file.',
  );
  const bitmap = await createImageBitmap(new Blob([bytes.slice()])).catch(() => {
    throw refused;
  });
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  if (!pen) throw refused;
  const scale = Math.max(width / bitmap.width, height / bitmap.height);
  const [across, down] = [bitmap.width * scale, bitmap.height * scale];
  pen.imageSmoothingQuality = 'high';
  pen.drawImage(bitmap, (width - across) / 2, (height - down) / 2, across, down);
  bitmap.close();
  return { title: name, pixels: fromRgba(pen.getImageData(0, 0, width, height).data, channels) };
}

/** RGBA on black to [h, w, 1 or 3]; grey as Rec. 601 weighs it. */
export function fromRgba(rgba: ArrayLike<number>, channels: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array((rgba.length / 4) * channels);
  for (let i = 0; i < rgba.length / 4; i++) {
    const [r = 0, g = 0, b = 0] = [0, 1, 2].map((k) => ((rgba[4 * i + k] ?? 0) * (rgba[4 * i + 3] ?? 255)) / 255);
    if (channels === 1) out[i] = Math.round(0.299 * r + 0.587 * g + 0.114 * b);
    else out.set([Math.round(r), Math.round(g), Math.round(b)], 3 * i);
  }
  return out;
}

/** @throws AppError where there is no such image. */
export async function imageFromDataset(
  client: LowlandClient,
  from: { readonly dataset: string; readonly side: Side; readonly index: number },
): Promise<OwnImage> {
  const { dataset, side, index } = from;
  const { pixels } = await client.call('datasets.tiles', { dataset, side, images: { from: index, count: 1 } });
  return { title: `${dataset} ${side} ${index}`, pixels: pixels.slice(), from };
}
