/**
 * CIFAR-10 and CIFAR-100 (Krizhevsky 2009): the binary files (label bytes, then 3 planes of 32x32 a row) and the Python ones (a pickled
 * dict of the same rows).
 */
import { AppError } from '../../lib/errors';
import type { ImageShape, Split } from '../dataset';
import { readPickle } from '../../lib/pickle';
import { PickledArray, numpyArrays } from '../formats/pickle-numpy';
import { fromPlanes } from '../formats/planar';
import { checkLabels } from '../labels';
import { type Files, type Layout, type Source, type SourceFile } from './source';
import { cifar100Classes } from './cifar100-classes';

const shape: ImageShape = [32, 32, 3];
const values = 3072;

interface CifarForm {
  readonly classes: number;
  readonly train: readonly SourceFile[];
  readonly test: SourceFile;
}

/** Rows of `labelBytes` labels, the last of which counts, and an image. */
export function binaryLayout({ classes, train, test }: CifarForm, labelBytes: 1 | 2): Layout {
  const stride = labelBytes + values;
  const decode = (files: Files, of: readonly SourceFile[]): Split => {
    const parts = of.map(({ name }) => ({ name, bytes: files(name) }));
    for (const { name, bytes } of parts)
      if (bytes.length === 0 || bytes.length % stride !== 0)
        throw new AppError(
          'BAD_FILE',
          `'${name}' has ${bytes.length} bytes, which are not whole rows of ${stride}.`,
          'It is cut off or another file.',
        );
    const size = parts.reduce((sum, { bytes }) => sum + bytes.length / stride, 0);
    const split = empty(size);
    let n = 0;
    for (const { name, bytes } of parts) {
      const from = n;
      for (let at = 0; at < bytes.length; at += stride, n++) {
        split.labels[n] = bytes[at + labelBytes - 1] ?? 0;
        fromPlanes(bytes, at + labelBytes, shape, split.pixels, n);
      }
      checkLabels(split.labels.subarray(from, n), classes, name);
    }
    return split;
  };
  return {
    title: 'binary version',
    files: [...train, test],
    decode: (files) => ({ train: decode(files, train), test: decode(files, [test]) }),
  };
}

/** Pickled dicts with 'data', uint8 [n, 3072], and a list of labels under `labelsName`. */
export function pythonLayout({ classes, train, test }: CifarForm, labelsName: string): Layout {
  const decode = (files: Files, of: readonly SourceFile[]): Split => {
    const parts = of.map(({ name }) => ({ name, ...batch(files(name), name, labelsName) }));
    const split = empty(parts.reduce((sum, { labels }) => sum + labels.length, 0));
    let n = 0;
    for (const { name, data, labels } of parts) {
      checkLabels(labels, classes, name);
      split.labels.set(labels, n);
      for (let i = 0; i < labels.length; i++, n++) fromPlanes(data, i * values, shape, split.pixels, n);
    }
    return split;
  };
  return {
    title: 'Python version',
    files: [...train, test],
    decode: (files) => ({ train: decode(files, train), test: decode(files, [test]) }),
  };
}

function batch(bytes: Uint8Array, name: string, labelsName: string): { data: Uint8Array; labels: Int32Array } {
  const { value: dict } = readPickle(bytes, name, numpyArrays);
  const data = dict instanceof Map ? dict.get('data') : undefined;
  const labels = dict instanceof Map ? dict.get(labelsName) : undefined;
  if (!(data instanceof PickledArray) || !Array.isArray(labels))
    throw new AppError('BAD_FILE', `'${name}' holds no 'data' and '${labelsName}'.`, 'It is no batch of CIFAR.');
  const numbers = labels.map((label) => (typeof label === 'number' ? label : -1));
  if (data.sizes.length !== 2 || data.sizes[1] !== values || data.sizes[0] !== numbers.length)
    throw new AppError(
      'BAD_DATA',
      `'${name}' has data of ${data.sizes.join(' x ')} for ${numbers.length} labels; it should have ${numbers.length} x ${values}.`,
    );
  return { data: data.values, labels: Int32Array.from(numbers) };
}

const empty = (size: number) => ({ shape, size, labels: new Int32Array(size), pixels: new Uint8Array(size * values) });

const files = (sums: Readonly<Record<string, string>>, largest: number): SourceFile[] =>
  Object.entries(sums).map(([name, md5]) => ({ name, md5, largest }));

const images = { train: 50_000, test: 10_000 };
const home = 'https://www.cs.toronto.edu/~kriz/';
/** A Python batch of 10,000 images with its labels and file names. */
const pythonBytes = 32_000_000;

export const cifar10: Source = {
  title: 'CIFAR-10',
  classes: ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'],
  images,
  layouts: [
    binaryLayout(
      {
        classes: 10,
        train: files(
          {
            'data_batch_1.bin': '5dd7e06a14cb22eb9f671a540d1b7c25',
            'data_batch_2.bin': '5ea93a67294ea407fff1d09f752e9692',
            'data_batch_3.bin': '942cd6a4bcdd0dd3c604fbe906cb4421',
            'data_batch_4.bin': 'ae636b3ba5c66a11e91e8cb52e771fcb',
            'data_batch_5.bin': '53f37980c15c3d472c316c40844f3f0d',
          },
          30_730_000,
        ),
        test: { name: 'test_batch.bin', md5: '803d5f7f4d78ea53de84dbe85f74fb6d', largest: 30_730_000 },
      },
      1,
    ),
    pythonLayout(
      {
        classes: 10,
        train: files(
          {
            data_batch_1: 'c99cafc152244af753f735de768cd75f',
            data_batch_2: 'd4bba439e000b95fd0a9bffe97cbabec',
            data_batch_3: '54ebc095f3ab1f0389bbae665268c751',
            data_batch_4: '634d18415352ddfa80567beed471001a',
            data_batch_5: '482c414d41f54cd18b22e5b47cb7c3cb',
          },
          pythonBytes,
        ),
        test: { name: 'test_batch', md5: '40351d587109b95175f43aff81a1287e', largest: pythonBytes },
      },
      'labels',
    ),
  ],
  downloads: [
    {
      file: 'cifar-10-binary.tar.gz',
      urls: [`${home}cifar-10-binary.tar.gz`],
      md5: 'c32a1d4ab5d03f1284b67883e8d87530',
    },
  ],
};

export const cifar100: Source = {
  title: 'CIFAR-100',
  classes: cifar100Classes,
  images,
  layouts: [
    binaryLayout(
      {
        classes: 100,
        train: [{ name: 'train.bin', largest: 153_700_000 }],
        test: { name: 'test.bin', largest: 30_740_000 },
      },
      2,
    ),
    pythonLayout(
      {
        classes: 100,
        train: [{ name: 'train', md5: '16019d7e3df5f24257cddd939b257f8d', largest: 5 * pythonBytes }],
        test: { name: 'test', md5: 'f0ef6b0ae62326f3e7ffdfab6717acfc', largest: pythonBytes },
      },
      'fine_labels',
    ),
  ],
  downloads: [
    {
      file: 'cifar-100-binary.tar.gz',
      urls: [`${home}cifar-100-binary.tar.gz`],
      md5: '03b5dce01913d631647c71ecec9e9cb8',
    },
  ],
};
