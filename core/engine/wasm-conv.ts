/** What both gradients of a convolution share: its axes from shapes and attributes, and a convolution with margins of any sign. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor4D } from '@tensorflow/tfjs-core';

/** Rows or columns to add before and after; negative ones are cut off. */
export type Margins = [before: number, after: number];
export type ConvolutionAttributes = Pick<
  tf.Conv2DBackpropInputAttrs,
  'strides' | 'pad' | 'dataFormat' | 'dimRoundingMode'
>;

/** One axis of a convolution: sizes of input, output and filter, stride, padding before. */
export interface Axis {
  readonly size: number;
  readonly out: number;
  readonly k: number;
  readonly stride: number;
  readonly before: number;
}

/** The two axes of the convolution of x [n,h,w,c] by w [a,b,c,o]. */
export function axes(x: number[], w: number[], attributes: ConvolutionAttributes): [rows: Axis, columns: Axis] {
  const { strides, pad, dataFormat, dimRoundingMode } = attributes;
  const g = tf.backend_util.computeConv2DInfo(
    x as Tensor4D['shape'],
    w as Tensor4D['shape'],
    strides,
    1,
    pad,
    dimRoundingMode,
    false,
    tf.backend_util.convertConv2DDataFormat(dataFormat),
  );
  return [
    { size: g.inHeight, out: g.outHeight, k: g.filterHeight, stride: g.strideHeight, before: g.padInfo.top },
    { size: g.inWidth, out: g.outWidth, k: g.filterWidth, stride: g.strideWidth, before: g.padInfo.left },
  ];
}

/** Cuts the negative margins off x and leaves the positive ones to the convolution's own padding. */
export function convolve(
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
