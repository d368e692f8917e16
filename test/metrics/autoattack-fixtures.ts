/** Linear classifiers and images for which the robust accuracy is known exactly, and suites with small budgets. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type { Split } from '../../core/data/dataset';
import type { Classifier, Weights } from '../../core/models/model';
import { autoattackSuite } from '../../core/metrics/autoattack/suite';
import { u } from '../models/formula';

export const shape = [4, 4, 1] as const;
const size = 16;

/** Weights [16, classes] by a formula; the caller disposes the classifier's. */
export function linear(
  classes: number,
  last: (logits: Tensor2D, x: Tensor4D) => Tensor2D = (logits) => logits,
): Classifier {
  const having = (weights: Weights): Classifier => ({
    classes,
    inputShape: shape,
    weights,
    logits: (x) =>
      tf.tidy(() => {
        const { w } = weights;
        if (!w) throw new Error('the classifier has one matrix');
        return last(tf.matMul(tf.reshape(tf.sub(x, 0.5), [-1, size]), w as Tensor2D), x);
      }),
    having,
  });
  return having({ w: tf.tensor2d(matrix(classes), [size, classes]) });
}

const matrix = (classes: number): Float32Array => Float32Array.from(u(`w${classes}`, size * classes));

/** Images inside [0.2, 0.8], so that a ball of less than 0.2 never meets the box; labels are what the linear classifier says, but for a few. */
export function images(count: number, classes: number): Split {
  const pixels = Float32Array.from(u('x', count * size), (n) => 0.5 + 0.6 * n);
  const labels = Int32Array.from({ length: count }, (_, i) => {
    const found = argmax(logits(pixels.subarray(i * size, (i + 1) * size), classes));
    return i % 9 === 4 ? (found + 1) % classes : found;
  });
  return { shape, size: count, pixels, labels };
}

function logits(image: Float32Array, classes: number): number[] {
  const w = matrix(classes);
  return Array.from({ length: classes }, (_, k) =>
    image.reduce((sum, pixel, i) => sum + (pixel - 0.5) * (w[i * classes + k] ?? NaN), 0),
  );
}
const argmax = (values: readonly number[]): number => values.indexOf(Math.max(...values));

/** The radius in linf below which no perturbation changes the prediction y: min over k of (z_y - z_k) / |w_y - w_k|_1; 0 where it is wrong. */
export function exactRadius({ pixels, labels }: Split, image: number, classes: number): number {
  const own = logits(Float32Array.from(pixels.subarray(image * size, (image + 1) * size)), classes);
  const w = matrix(classes);
  const y = labels[image] ?? -1;
  if (argmax(own) !== y) return 0;
  const distances = own.map((z, k) => {
    const steep = Array.from({ length: size }, (_, i) =>
      Math.abs((w[i * classes + y] ?? 0) - (w[i * classes + k] ?? 0)),
    );
    return k === y ? Infinity : ((own[y] ?? NaN) - z) / steep.reduce((sum, value) => sum + value, 0);
  });
  return Math.min(...distances);
}

/** AutoAttack's standard attacks with a few steps each. */
export const smallSuite = (classes: number, eps: number) =>
  autoattackSuite(
    'standard',
    { norm: 'linf', eps },
    { classes },
    {
      'apgd-ce': { steps: 5 },
      ...(classes >= 4 ? { 'apgd-t': { steps: 10 } } : {}),
      'fab-t': { steps: 10 },
      square: { steps: 20 },
    },
  );
