/** Sets of images to compare, as bytes and a piece at a time: splits of datasets, arrays in .npz files; folders are in folder-set. */
import path from 'node:path';
import { type ImageShape, type Split, valuesOf } from '../../data/dataset';
import { type NpyArray, decodeNpy } from '../../data/formats/npy';
import { readZip } from '../../data/formats/zip';
import { AppError } from '../../lib/errors';
import { readBounded } from '../../lib/read-bounded';

export interface ImageSet {
  readonly name: string;
  readonly size: number;
  /** All images have it. */
  readonly shape: ImageShape;
  /** Images from..to, [to - from, h, w, c]. @throws AppError BAD_FILE naming an image that cannot be read. */
  bytes(from: number, to: number): Promise<Uint8Array>;
}

/** Pixels as bytes: floats in [0,1] times 255, rounded. */
export function splitSet(name: string, { shape, size, pixels }: Pick<Split, 'shape' | 'size' | 'pixels'>): ImageSet {
  const stride = valuesOf(shape);
  return {
    name,
    size,
    shape,
    bytes(from, to) {
      const values = pixels.subarray(from * stride, to * stride);
      return Promise.resolve(
        values instanceof Uint8Array ? values : Uint8Array.from(values, (value) => Math.round(255 * value)),
      );
    },
  };
}

const largestArchive = 2 ** 31 - 1;
/** Members that are looked for, the first that is there wins: numpy.savez(file, images) makes 'arr_0'. */
const memberNames = ['images', 'arr_0', 'x', 'samples', 'x_train'] as const;

/** An array [n, h, w, c] or [n, h, w] of an .npz file: uint8, or floats in [0,1]. @throws AppError NOT_FOUND, BAD_FILE, BAD_DATA. */
export async function npzSet(file: string): Promise<ImageSet> {
  const bytes = await readBounded(file, largestArchive, 'read the images');
  const members = readZip(bytes, file, (name) => memberNames.some((known) => name === `${known}.npy`), largestArchive);
  const name = memberNames.find((known) => members.has(`${known}.npy`));
  const content = name && members.get(`${name}.npy`);
  if (!content)
    throw new AppError(
      'BAD_DATA',
      `'${file}' has none of the arrays ${memberNames.join(', ')}.`,
      'Save images with numpy.savez(file, images).',
    );
  return arraySet(decodeNpy(content, `${file}: ${name}`), file);
}

function arraySet({ sizes, kind, values }: NpyArray, file: string): ImageSet {
  const [size = 0, height = 0, width = 0, channels = 1] = sizes;
  if (![3, 4].includes(sizes.length) || size * height * width === 0 || ![1, 3].includes(channels))
    throw new AppError(
      'BAD_DATA',
      `'${file}' is ${sizes.join(' x ')}; images are n x height x width x (1 or 3).`,
      'Images with channels first: save x.transpose(0, 2, 3, 1).',
    );
  const most = kind === 'float' ? 1 : 255;
  const at = values.findIndex((value) => !(value >= 0 && value <= most));
  if (at >= 0)
    throw new AppError(
      'BAD_DATA',
      `'${file}' has the value ${values[at]} at place ${at}; values go from 0 to ${most}.`,
      'Scale floats to 0..1, or save uint8 from 0 to 255.',
    );
  const pixels = kind === 'float' ? Float32Array.from(values) : Uint8Array.from(values);
  return splitSet(path.basename(file), { shape: [height, width, channels], size, pixels });
}
