/** A folder of PNG and JPEG files as a set of images to compare; of what `lowland sample` wrote, its samples. */
import path from 'node:path';
import { type ImageShape, valuesOf } from '../../data/dataset';
import { type Image, decodeImage, imageExtension } from '../../data/formats/image';
import { filesBelow } from '../../data/formats/members';
import { AppError, fileError } from '../../lib/errors';
import { readBounded } from '../../lib/read-bounded';
import type { ImageSet } from './image-set';

const largestImage = 64 * 2 ** 20;
/** What `lowland sample --single` writes. */
const sampleName = /^\d{6,}-class\d+\.png$/;

/**
 * All PNG and JPEG files below a folder, by name, read as they are needed; of a folder of samples, the samples. Grey ones are repeated
 * in three channels.
 * @throws AppError NOT_FOUND, BAD_DATA for a folder without images; later BAD_FILE, and BAD_DATA for images of another size.
 */
export async function folderSet(folder: string): Promise<ImageSet> {
  const all = await filesBelow(folder).catch((error: unknown) => {
    throw fileError(error, folder, 'read the images');
  });
  const samples = all.some((file) => file === path.join(folder, 'samples.json'));
  const files = all.filter((file) => (samples ? sampleName.test(path.basename(file)) : imageExtension.test(file)));
  const [first] = files;
  if (first === undefined)
    throw new AppError('BAD_DATA', `'${folder}' has no PNG or JPEG images.`, 'Name another folder.');
  const { height, width } = await readImage(first);
  const shape: ImageShape = [height, width, 3];
  return {
    name: path.basename(path.resolve(folder)),
    size: files.length,
    shape,
    async bytes(from, to) {
      const out = new Uint8Array((to - from) * valuesOf(shape));
      for (const [i, file] of files.slice(from, to).entries()) {
        const image = await readImage(file);
        if (image.height !== height || image.width !== width)
          throw new AppError(
            'BAD_DATA',
            `'${file}' is ${image.width}x${image.height}; '${first}' is ${width}x${height}.`,
            'All images of a set must be of one size.',
          );
        out.set(inColour(image), i * valuesOf(shape));
      }
      return out;
    },
  };
}

async function readImage(file: string): Promise<Image> {
  return decodeImage(await readBounded(file, largestImage, 'read the images'), file);
}

const inColour = ({ channels, pixels }: Image): Uint8Array =>
  channels === 3 ? pixels : Uint8Array.from({ length: 3 * pixels.length }, (_, i) => pixels[Math.floor(i / 3)] ?? 0);
