/** MNIST and Fashion-MNIST: four idx files each, gzipped or not. */
import { AppError } from '../../lib/errors';
import type { Split } from '../dataset';
import { decodeIdx } from '../formats/idx';
import { checkLabels } from '../labels';
import type { Files, Layout, Source } from './source';

type Sums = { readonly images: string; readonly labels: string };

/** The layout of idx files of n images of 28x28 each, with the MD5 of the unpacked files where they are known. */
export function idxLayout(sizes: { train: number; test: number }, sums?: { train: Sums; test: Sums }): Layout {
  const names = { train: 'train', test: 't10k' } as const;
  const files = (['train', 'test'] as const).flatMap((split) => [
    { name: imagesOf(names[split]), largest: 16 + sizes[split] * 784, ...(sums && { md5: sums[split].images }) },
    { name: labelsOf(names[split]), largest: 8 + sizes[split], ...(sums && { md5: sums[split].labels }) },
  ]);
  const decode = (read: Files) => ({ train: decodeSplit(read, names.train), test: decodeSplit(read, names.test) });
  return { title: 'idx files', files, decode };
}

const imagesOf = (split: string): string => `${split}-images-idx3-ubyte`;
const labelsOf = (split: string): string => `${split}-labels-idx1-ubyte`;

function decodeSplit(read: Files, split: string): Split {
  const images = decodeIdx(read(imagesOf(split)), 3, imagesOf(split));
  const [size = 0, height = 0, width = 0] = images.sizes;
  if (height !== 28 || width !== 28)
    throw new AppError('BAD_DATA', `The images of '${imagesOf(split)}' are ${height}x${width}; they should be 28x28.`);
  const labels = Int32Array.from(decodeIdx(read(labelsOf(split)), 1, labelsOf(split)).values);
  if (labels.length !== size)
    throw new AppError('BAD_DATA', `'${labelsOf(split)}' has ${labels.length} labels for ${size} images.`);
  checkLabels(labels, 10, labelsOf(split));
  return { shape: [28, 28, 1], size, labels, pixels: images.values };
}

const images = { train: 60_000, test: 10_000 };

const downloads = (
  roots: readonly string[],
  [trainImages, trainLabels, testImages, testLabels]: readonly [string, string, string, string],
) =>
  Object.entries({
    'train-images-idx3-ubyte.gz': trainImages,
    'train-labels-idx1-ubyte.gz': trainLabels,
    't10k-images-idx3-ubyte.gz': testImages,
    't10k-labels-idx1-ubyte.gz': testLabels,
  }).map(([file, md5]) => ({ file, md5, urls: roots.map((root) => `${root}${file}`) }));

export const mnist: Source = {
  title: 'MNIST',
  classes: Array.from('0123456789'),
  images,
  layouts: [
    idxLayout(images, {
      train: { images: '6bbc9ace898e44ae57da46a324031adb', labels: 'a25bea736e30d166cdddb491f175f624' },
      test: { images: '2646ac647ad5339dbf082846283269ea', labels: '27ae3e4e09519cfbb04c329615203637' },
    }),
  ],
  downloads: downloads(
    ['http://yann.lecun.com/exdb/mnist/', 'https://ossci-datasets.s3.amazonaws.com/mnist/'],
    [
      'f68b3c2dcbeaaa9fbdd348bbdeb94873',
      'd53e105ee54ea40749a09fcbcd1e9432',
      '9fb629c4189551a2d022fa330f9573f3',
      'ec29112dd5afa0611ce80d1b7f02629c',
    ],
  ),
};

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

export const fashionMnist: Source = {
  title: 'Fashion-MNIST',
  classes: fashionClasses,
  images,
  layouts: [
    idxLayout(images, {
      train: { images: 'f4a8712d7a061bf5bd6d2ca38dc4d50a', labels: '9018921c3c673c538a1fc5bad174d6f9' },
      test: { images: '8181f5470baa50b63fa0f6fddb340f0a', labels: '15d484375f8d13e6eb1aabb0c3f46965' },
    }),
  ],
  downloads: downloads(
    ['http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/'],
    [
      '8d4fb7e6c68d591d4c3dfef9ec88bf0d',
      '25c81989df183df01b3e8a0aad5dffbe',
      'bef4ecab320f06d8554ea6380940ec79',
      'bb300cfdad3c16e7a12a480ee83cd310',
    ],
  ),
};
