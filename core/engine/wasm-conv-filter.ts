/**
 * The filter gradient of conv2d for the wasm backend, through its forward convolution (tfjs ships none). With s the stride and t, l
 * the padding before, a convolution of x by dy dilated by s, in which the image index n is summed over as a channel:
 *   dw[a,b,c,o] = sum_{n,p,q} x[n, ps+a-t, qs+b-l, c] dy[n,p,q,o]
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import type { Composition } from './kernels';
import { type Axis, type ConvolutionAttributes, type Margins, axes, convolve } from './wasm-conv';

/** dw [a,b,c,o] from x [n,h,w,c] and dy [n,p,q,o]. */
function filterGradient(x: Tensor4D, dy: Tensor4D, filterShape: number[], attributes: ConvolutionAttributes): Tensor4D {
  return tf.tidy(() => {
    const [rows, columns] = axes(x.shape, filterShape, attributes);
    const margins = ({ size, out, k, stride, before }: Axis): Margins => [
      before,
      (out - 1) * stride + k - before - size,
    ];
    const gradient = convolve(
      tf.transpose(x, [3, 1, 2, 0]),
      tf.transpose(dy, [1, 2, 0, 3]),
      margins(rows),
      margins(columns),
      [rows.stride, columns.stride],
    );
    return tf.transpose(gradient, [1, 2, 0, 3]);
  });
}

export const convolutionFilterGradient: Composition = {
  name: tf.Conv2DBackpropFilter,
  inputs: ['x', 'dy'],
  run: ([x, dy], attributes) => {
    const given = attributes as ConvolutionAttributes & Pick<tf.Conv2DBackpropFilterAttrs, 'filterShape'>;
    return filterGradient(x as Tensor4D, dy as Tensor4D, given.filterShape, given);
  },
};
