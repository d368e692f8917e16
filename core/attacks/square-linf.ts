/** Square attack in linf (Andriushchenko et al. 2020, section 3.3): stripes at first, then windows of +-2 eps in each channel. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import { project } from './perturb';
import type { SquareMoves } from './square';
import { randomWindow, signs } from './square-window';

export const squareLinf: SquareMoves = {
  side: (area) => Math.max(Math.round(Math.sqrt(area)), 1),
  start(x, eps, random) {
    const [n, , width, channels] = x.shape;
    return tf.clipByValue(tf.add<Tensor4D>(x, tf.mul(signs([n, 1, width, channels], random), eps)), 0, 1);
  },
  propose(x, best, side, eps, random) {
    const [, height, width, channels] = x.shape;
    const { mask } = randomWindow(height, width, side, random.fork('window'));
    const change = tf.mul(tf.mul(mask, signs([1, 1, 1, channels], random.fork('signs'))), 2 * eps);
    return project(x, tf.add<Tensor4D>(best, change), 'linf', eps);
  },
};
