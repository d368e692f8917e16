/**
 * Both gradients of conv2d for the wasm backend, through its forward convolution (XNNPACK): tfjs ships no filter gradient for wasm
 * and only a naive input gradient. With s the stride, k the filter size and t, l the padding before:
 *   dx[n,i,j,c]   = sum_{a,b,o} dy[n, (i+t-a)/s, (j+l-b)/s, o] w[a,b,c,o]   a convolution of the zero-spread dy, w reversed
 *   dw[a,b,c,o]   = sum_{n,p,q} x[n, ps+a-t, qs+b-l, c] dy[n,p,q,o]         a convolution of x by dy dilated by s, n summed as a channel
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import type { Composition } from './kernels';

type Geometry = ReturnType<typeof tf.backend_util.computeConv2DInfo>;
/** Rows or columns to add before and after; negative ones are cut off. */
type Margins = [before: number, after: number];
type Attributes = Pick<tf.Conv2DBackpropInputAttrs, 'strides' | 'pad' | 'dataFormat' | 'dimRoundingMode'>;

const geometry = (x: number[], w: number[], { strides, pad, dataFormat, dimRoundingMode }: Attributes): Geometry =>
  tf.backend_util.computeConv2DInfo(
    x as Tensor4D['shape'],
    w as Tensor4D['shape'],
    strides,
    1,
    pad,
    dimRoundingMode,
    false,
    tf.backend_util.convertConv2DDataFormat(dataFormat),
  );

/** Cuts the negative margins off x and leaves the positive ones to the convolution's own padding. */
function convolve(
  x: Tensor4D,
  filter: Tensor4D,
  rows: Margins,
  columns: Margins,
  dilation: [number, number],
): Tensor4D {
  const cut = (margin: number) => Math.max(0, -margin);
  const add = (margin: number) => Math.max(0, margin);
  const [n, h, w, c] = x.shape;
  const height = h - cut(rows[0]) - cut(rows[1]);
  const width = w - cut(columns[0]) - cut(columns[1]);
  const kept =
    height === h && width === w ? x : tf.slice(x, [0, cut(rows[0]), cut(columns[0]), 0], [n, height, width, c]);
  const pad: tf.backend_util.ExplicitPadding = [
    [0, 0],
    [add(rows[0]), add(rows[1])],
    [add(columns[0]), add(columns[1])],
    [0, 0],
  ];
  return tf.conv2d(kept, filter, 1, pad, 'NHWC', dilation);
}

/** [n,h,w,c] -> [n,h sh,w sw,c] with sh-1 zero rows and sw-1 zero columns after each element. */
function spread(x: Tensor4D, sh: number, sw: number): Tensor4D {
  if (sh === 1 && sw === 1) return x;
  const [n, h, w, c] = x.shape;
  const columns = tf.pad(tf.reshape(x, [n * h * w, c]), [
    [0, 0],
    [0, (sw - 1) * c],
  ]);
  const rows = tf.pad(tf.reshape(columns, [n * h, w * sw * c]), [
    [0, 0],
    [0, (sh - 1) * w * sw * c],
  ]);
  return tf.reshape(rows, [n, h * sh, w * sw, c]);
}

/** dx [n,h,w,c] from dy [n,p,q,o] and w [a,b,c,o]. */
export function inputGradient(dy: Tensor4D, filter: Tensor4D, xShape: number[], attributes: Attributes): Tensor4D {
  return tf.tidy(() => {
    const g = geometry(xShape, filter.shape, attributes);
    const { top, left } = g.padInfo;
    const reversed = tf.transpose(tf.reverse(filter, [0, 1]), [0, 1, 3, 2]);
    const margins = (size: number, out: number, stride: number, k: number, before: number): Margins => [
      k - 1 - before,
      size + before - out * stride,
    ];
    return convolve(
      spread(dy, g.strideHeight, g.strideWidth),
      reversed,
      margins(g.inHeight, g.outHeight, g.strideHeight, g.filterHeight, top),
      margins(g.inWidth, g.outWidth, g.strideWidth, g.filterWidth, left),
      [1, 1],
    );
  });
}

/** dw [a,b,c,o] from x [n,h,w,c] and dy [n,p,q,o]. */
export function filterGradient(x: Tensor4D, dy: Tensor4D, filterShape: number[], attributes: Attributes): Tensor4D {
  return tf.tidy(() => {
    const g = geometry(x.shape, filterShape, attributes);
    const { top, left } = g.padInfo;
    const margins = (size: number, out: number, stride: number, k: number, before: number): Margins => [
      before,
      (out - 1) * stride + k - before - size,
    ];
    const gradient = convolve(
      tf.transpose(x, [3, 1, 2, 0]),
      tf.transpose(dy, [1, 2, 0, 3]),
      margins(g.inHeight, g.outHeight, g.strideHeight, g.filterHeight, top),
      margins(g.inWidth, g.outWidth, g.strideWidth, g.filterWidth, left),
      [g.strideHeight, g.strideWidth],
    );
    return tf.transpose(gradient, [1, 2, 0, 3]);
  });
}

export const convolutionGradients: readonly Composition[] = [
  {
    name: tf.Conv2DBackpropInput,
    inputs: ['dy', 'filter'],
    run: ([dy, filter], attributes) => {
      const given = attributes as Attributes & Pick<tf.Conv2DBackpropInputAttrs, 'inputShape'>;
      return inputGradient(dy as Tensor4D, filter as Tensor4D, given.inputShape, given);
    },
  },
  {
    name: tf.Conv2DBackpropFilter,
    inputs: ['x', 'dy'],
    run: ([x, dy], attributes) => {
      const given = attributes as Attributes & Pick<tf.Conv2DBackpropFilterAttrs, 'filterShape'>;
      return filterGradient(x as Tensor4D, dy as Tensor4D, given.filterShape, given);
    },
  },
];
