/**
 * The shortest way from points of [0,1]^d to a hyperplane within [0,1]^d (Croce & Hein 2020, Fast Adaptive Boundary attack, section 3.1).
 * Every coordinate moves against the sign of w as far as its limit lets it, p_i = t_i or 1 - t_i:
 *   linf: |d_i| = min(l, p_i)          l2: |d_i| = min(l |w_i|, p_i)
 * with the l for which sum |w_i d_i| is the distance to go. That sum is concave and piecewise linear in l, so Newton's method from l = 0
 * never oversteps and ends after as many steps as it meets pieces.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { TINY, exampleAxes } from '../energy/geometry';
import type { Norm } from './perturb';

/** Enough pieces for images; what is left after that is far below rounding. */
const newtonSteps = 12;
const total = (v: Tensor): Tensor4D => tf.sum<Tensor4D>(v as Tensor4D, exampleAxes, true);

/**
 * d [n, h, w, c] with t + d in [0,1] and w . (t + d) = w . t - gap, where such points are; else t + d is the corner that is nearest to
 * the plane. `gap` [n, 1, 1, 1] is w . t - b: on which side of the plane t lies, and how far in units of w.
 */
export const shortestToPlane = (t: Tensor4D, w: Tensor4D, gap: Tensor4D, norm: Norm): Tensor4D =>
  tf.tidy(() => {
    const side = tf.sub(tf.mul(tf.cast(tf.greaterEqual(gap, 0), 'float32'), 2), 1);
    const direction = tf.neg(tf.sign(tf.mul(w, side)));
    const weight = tf.abs(w);
    // towards 1 where the direction is positive, towards 0 elsewhere; what has no weight stays
    const limit = tf.mul(
      tf.where(tf.greater(direction, 0), tf.sub(1, t), t),
      tf.cast(tf.greater(weight, 0), 'float32'),
    );
    const wanted = tf.abs(gap);
    const rate: Tensor = norm === 'linf' ? tf.onesLike(weight) : weight;
    const length = (l: Tensor) => tf.minimum(tf.mul(rate, l), limit);
    let l: Tensor = tf.zerosLike(gap);
    for (let k = 0; k < newtonSteps; k++) {
      const way = tf.mul(rate, l);
      const free = tf.cast(tf.less(way, limit), 'float32');
      const left = tf.sub(wanted, total(tf.mul(weight, tf.minimum(way, limit))));
      const slope = total(tf.mul(tf.mul(weight, rate), free));
      // nothing is free any more: the plane is out of reach, and all are at their limits
      l = tf.where(tf.greater(slope, TINY), tf.add(l, tf.div(tf.maximum(left, 0), tf.maximum(slope, TINY))), l);
    }
    return tf.mul(direction, length(l)) as Tensor4D;
  });
