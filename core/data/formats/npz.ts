/**
 * Images out of an .npz file: x and y, of which a sixth is held out for testing, or x_train, y_train, x_test and y_test. x is
 * [n, h, w, c], [n, h, w] or, for points, [n, d]; uint8 from 0 to 255 or floats from 0 to 1. y is whole numbers from 0, one an image.
 */
import { AppError } from '../../lib/errors';
import type { ImageShape, Split } from '../dataset';
import { checkLabels } from '../labels';
import { type NpyArray, decodeNpy } from './npy';
import { readZip } from './zip';

const names = ['x', 'y', 'x_train', 'y_train', 'x_test', 'y_test'] as const;
const largest = 2 ** 31;
const mostClasses = 10_000;

export interface NpzImages {
  readonly classes: readonly string[];
  readonly train: Split;
  /** Undefined where the file has only x and y. */
  readonly test: Split | undefined;
}

/** @throws AppError BAD_FILE for a damaged file, BAD_DATA for arrays that are no images with labels. */
export function decodeNpz(bytes: Uint8Array, where: string): NpzImages {
  const members = readZip(bytes, where, (name) => names.some((known) => name === `${known}.npy`), largest);
  const array = (name: (typeof names)[number]): NpyArray | undefined => {
    const content = members.get(`${name}.npy`);
    return content && decodeNpy(content, `${where}: ${name}`);
  };
  const split = (suffix: '' | '_train' | '_test'): Split | undefined => {
    const [x, y] = [array(`x${suffix}`), array(`y${suffix}`)];
    return x && y && imagesOf(x, y, `${where}: x${suffix}`);
  };
  const [train, test] = members.has('x_train.npy') ? [split('_train'), split('_test')] : [split(''), undefined];
  if (!train)
    throw new AppError(
      'BAD_DATA',
      `'${where}' has no arrays x and y.`,
      'Save them with numpy.savez(file, x=images, y=labels).',
    );
  if (test && test.shape.join() !== train.shape.join())
    throw new AppError(
      'BAD_DATA',
      `'${where}' has training images of ${train.shape.join('x')} and test images of ${test.shape.join('x')}.`,
    );
  const classes = 1 + train.labels.reduce((most, label) => Math.max(most, label), 0);
  if (test) checkLabels(test.labels, classes, `${where}: y_test`);
  return { classes: Array.from({ length: classes }, (_, i) => String(i)), train, test };
}

function imagesOf(x: NpyArray, y: NpyArray, where: string): Split {
  const shape = shapeOf(x.sizes, where);
  const [size = 0] = x.sizes;
  if (y.values.length !== size || size === 0)
    throw new AppError('BAD_DATA', `'${where}' has ${size} images for ${y.values.length} labels.`);
  const wrong = y.values.find((label) => !Number.isInteger(label));
  if (wrong !== undefined)
    throw new AppError('BAD_DATA', `'${where}' has the label ${wrong}, which is no whole number.`);
  const labels = Int32Array.from(y.values, (label) => (label < 2 ** 31 ? label : -1));
  checkLabels(labels, mostClasses, where);
  return { shape, size, labels, pixels: pixelsOf(x, where) };
}

function shapeOf(sizes: readonly number[], where: string): ImageShape {
  const [, height = 0, width = 0, channels = 0] = sizes;
  if (sizes.length === 2 && height > 0) return [1, 1, height];
  if (sizes.length === 3 && height * width > 0) return [height, width, 1];
  if (sizes.length === 4 && (channels === 1 || channels === 3) && height * width > 0) return [height, width, channels];
  throw new AppError(
    'BAD_DATA',
    `'${where}' is ${sizes.join(' x ')}; images are n x height x width x (1 or 3), points n x d.`,
    'Images with channels first: save x.transpose(0, 2, 3, 1).',
  );
}

/** uint8 as it is, whole numbers from 0 to 255 as uint8, floats from 0 to 1. */
function pixelsOf({ kind, values }: NpyArray, where: string): Uint8Array | Float32Array {
  const most = kind === 'float' ? 1 : 255;
  const at = values.findIndex((value) => !(value >= 0 && value <= most));
  if (at >= 0)
    throw new AppError(
      'BAD_DATA',
      `'${where}' has the value ${values[at]} at place ${at}; values go from 0 to ${most}.`,
      'Scale floats to 0..1, or save uint8 from 0 to 255.',
    );
  if (values instanceof Uint8Array || values instanceof Float32Array) return values;
  return kind === 'float' ? Float32Array.from(values) : Uint8Array.from(values);
}
