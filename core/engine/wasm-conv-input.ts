/**
 * The input gradient of conv2d for the wasm backend, through its forward convolution (tfjs ships a naive loop). With s the stride,
 * k the filter size and t, l the padding before:
 *   dx[n,i,j,c] = sum_{a,b,o} dy[n, (i+t-a)/s, (j+l-b)/s, o] w[a,b,c,o]   over the a, b for which the divisions leave no rest
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import type { Composition } from './kernels';
import { type Axis, type ConvolutionAttributes, type Margins, axes, convolve } from './wasm-conv';

/** Positions u = i + before of dx with u mod s = r see only the taps a = r + s m, and dy at (u - a) / s. */
interface Phases {
  /** The first position's u / s, and how many positions each phase has. */
  readonly first: number;
  readonly count: number;
  readonly taps: (r: number) => number;
  readonly margins: (r: number) => Margins;
}

function phases({ size, out, k, stride, before }: Axis): Phases {
  const first = Math.floor(before / stride);
  const count = Math.ceil((size + before) / stride) - first;
  const taps = (r: number) => Math.ceil(Math.max(0, k - r) / stride);
  return { first, count, taps, margins: (r) => [taps(r) - 1 - first, first + count - out] };
}

const upTo = (n: number) => Array.from({ length: n }, (_, i) => i);

/**
 * dx [n,h,w,c] from dy [n,p,q,o] and w [a,b,c,o]: one convolution of dy for each of the s x s phases of dx, interleaved. (One
 * convolution of dy with zeros between its elements would do s^2 times the work.)
 */
function inputGradient(dy: Tensor4D, filter: Tensor4D, xShape: number[], attributes: ConvolutionAttributes): Tensor4D {
  return tf.tidy((): Tensor4D => {
    const [rows, columns] = axes(xShape, filter.shape, attributes);
    const [down, across] = [phases(rows), phases(columns)];
    const swapped = tf.transpose(tf.reverse(filter, [0, 1]), [0, 1, 3, 2]);
    const [n, c] = [dy.shape[0], filter.shape[2]];
    const phase = (i: number, j: number): Tensor4D => {
      if (down.taps(i) === 0 || across.taps(j) === 0) return tf.zeros([n, down.count, across.count, c]);
      const part = everyOther(
        swapped,
        [(rows.k - 1 - i) % rows.stride, (columns.k - 1 - j) % columns.stride],
        [rows.stride, columns.stride],
      );
      return convolve(dy, part, down.margins(i), across.margins(j), [1, 1]);
    };
    const lines = upTo(rows.stride).map((i) =>
      tf.reshape(
        tf.concat(
          upTo(columns.stride).map((j) => phase(i, j)),
          3,
        ),
        [n, down.count, 1, across.count * columns.stride * c],
      ),
    );
    const whole = tf.reshape<tf.Rank.R4>(tf.concat(lines, 2), [
      n,
      down.count * rows.stride,
      across.count * columns.stride,
      c,
    ]);
    const start = [0, rows.before - down.first * rows.stride, columns.before - across.first * columns.stride, 0];
    const shape: Tensor4D['shape'] = [n, rows.size, columns.size, c];
    return tf.util.arraysEqual(whole.shape, shape) ? whole : tf.slice<tf.Rank.R4, Tensor4D>(whole, start, shape);
  });
}

/** Every stride-th row and column of a filter, from `start`. */
const everyOther = (filter: Tensor4D, start: readonly [number, number], stride: readonly [number, number]) =>
  stride[0] === 1 && stride[1] === 1
    ? filter
    : (tf.stridedSlice(filter, [start[0], start[1], 0, 0], filter.shape, [stride[0], stride[1], 1, 1]) as Tensor4D);

export const convolutionInputGradient: Composition = {
  name: tf.Conv2DBackpropInput,
  inputs: ['dy', 'filter'],
  run: ([dy, filter], attributes) => {
    const given = attributes as ConvolutionAttributes & Pick<tf.Conv2DBackpropInputAttrs, 'inputShape'>;
    return inputGradient(dy as Tensor4D, filter as Tensor4D, given.inputShape, given);
  },
};
