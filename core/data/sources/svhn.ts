/** SVHN, format 2 (Netzer et al. 2011): cropped digits in two MAT-files, X uint8 [32, 32, 3, n] and y [n, 1], where 10 stands for 0. */
import { AppError } from '../../lib/errors';
import type { Split } from '../dataset';
import { type MatArray, readMat } from '../formats/mat';
import { checkLabels } from '../labels';
import type { Layout, Source, SourceFile } from './source';

/** The most bytes that an array of digits may unpack to. */
const unpacked = 512 * 2 ** 20;

export function matLayout(train: SourceFile, test: SourceFile): Layout {
  return {
    title: 'MAT-files',
    files: [train, test],
    decode: (files) => ({ train: digits(files(train.name), train.name), test: digits(files(test.name), test.name) }),
  };
}

function digits(bytes: Uint8Array, name: string): Split {
  const arrays = readMat(bytes, name, unpacked);
  const [x, y] = [arrays.get('X'), arrays.get('y')];
  const [height, width, channels, size = 0] = x?.sizes ?? [];
  const isX = x?.values instanceof Uint8Array && height === 32 && width === 32 && channels === 3 && x.sizes.length <= 4;
  if (!x || !isX || !y || y.values.length !== size)
    throw new AppError(
      'BAD_DATA',
      `'${name}' holds X of ${sizesOf(x)} and y of ${sizesOf(y)}; it should hold X of 32 x 32 x 3 x n in uint8 and y of n x 1.`,
      'Name the files of format 2, train_32x32.mat and test_32x32.mat.',
    );
  const zero = y.values.indexOf(0);
  if (zero >= 0)
    throw new AppError(
      'BAD_DATA',
      `Label 0 of image ${zero} in '${name}' is no class: these files write 1 to 9, and 10 for the digit 0.`,
      'The file is damaged or another one.',
    );
  const labels = Int32Array.from(y.values, (label) => (label === 10 ? 0 : label));
  checkLabels(labels, 10, name);
  return { shape: [32, 32, 3], size, labels, pixels: toNhwc(x.values, size) };
}

/** Both orders begin with the image; within it MATLAB's rows run fastest, then columns, then channels. */
function toNhwc(values: ArrayLike<number>, size: number): Uint8Array {
  const out = new Uint8Array(size * 3072);
  for (let n = 0; n < size; n++)
    for (let c = 0; c < 3; c++)
      for (let j = 0; j < 32; j++)
        for (let i = 0; i < 32; i++) {
          out[n * 3072 + (i * 32 + j) * 3 + c] = values[n * 3072 + c * 1024 + j * 32 + i] ?? 0;
        }
  return out;
}

const sizesOf = (array: MatArray | undefined): string => array?.sizes.join(' x ') ?? 'nothing';

const home = 'http://ufldl.stanford.edu/housenumbers/';
const sums = { train: 'e26dedcc434d2e4c54c9b2d4a06d8373', test: 'eb5a983be6a315427106f1b164d9cef3' };

export const svhn: Source = {
  title: 'SVHN',
  classes: Array.from('0123456789'),
  images: { train: 73_257, test: 26_032 },
  layouts: [
    matLayout(
      { name: 'train_32x32.mat', md5: sums.train, largest: unpacked },
      { name: 'test_32x32.mat', md5: sums.test, largest: unpacked },
    ),
  ],
  downloads: [
    { file: 'train_32x32.mat', urls: [`${home}train_32x32.mat`], md5: sums.train },
    { file: 'test_32x32.mat', urls: [`${home}test_32x32.mat`], md5: sums.test },
  ],
};
