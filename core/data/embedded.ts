/** The dataset in the package, so that the demo needs no network: 12,000 + 2,000 images of Fashion-MNIST (MIT, Zalando Research). */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { AppError, fileError } from '../lib/errors';
import { assetsFolder } from '../lib/paths';
import type { Split } from './dataset';

export const fashionClasses = [
  'T-shirt/top',
  'Trouser',
  'Pullover',
  'Dress',
  'Coat',
  'Sandal',
  'Shirt',
  'Sneaker',
  'Bag',
  'Ankle boot',
];

const folder = path.join(assetsFolder, 'datasets', 'fashion-mnist-mini');
const side = 28;

/** The training and test images. @throws AppError CHECKSUM when a file of the package is damaged. */
export async function loadFashionMini(): Promise<{ train: Split; test: Split }> {
  const sums = JSON.parse((await read('sums.json')).toString()) as Record<string, string>;
  const checked = async (name: string): Promise<Buffer> => {
    const bytes = await read(name);
    if (createHash('sha256').update(bytes).digest('hex') !== sums[name]) {
      throw new AppError('CHECKSUM', `The embedded file '${name}' is damaged.`, 'Install Lowland again.');
    }
    return gunzipSync(bytes, { maxOutputLength: 64 * 1024 * 1024 });
  };
  const split = async (name: string): Promise<Split> => {
    const labels = Int32Array.from((await checked(`${name}-labels-idx1-ubyte.gz`)).subarray(8));
    const pixels = new Uint8Array((await checked(`${name}-images-idx3-ubyte.gz`)).subarray(16));
    return { shape: [side, side, 1], size: labels.length, labels, pixels };
  };
  return { train: await split('train'), test: await split('t10k') };
}

async function read(name: string): Promise<Buffer> {
  const file = path.join(folder, name);
  return readFile(file).catch((error: unknown) => {
    throw fileError(error, file, 'read the embedded dataset');
  });
}
