/**
 * The l1 ball round x cut with [0,1]^d (Croce & Hein 2021, "Mind the box", section 3): the nearest point of it is
 *   z_i = sign(d_i) clip(|d_i| - l, 0, r_i),   r_i what is left to the box in the direction of d_i,
 * with l = 0 where that is short enough, else the l for which sum |z_i| = eps. The sum falls in l and is linear between its kinks, but not
 * convex: the bracket is halved first, and Newton's method inside of it then ends on the right piece.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { TINY, exampleAxes } from '../energy/geometry';

const halvings = 6;
const newtonSteps = 8;

/** Sum of the entries of each example, [n, 1, 1, 1]. */
const total = (v: Tensor): Tensor4D => tf.sum<Tensor4D>(v as Tensor4D, exampleAxes, true);
/** ||v||_1 of each example, [n, 1, 1, 1]. */
export const l1Norm = (v: Tensor4D): Tensor4D => tf.tidy(() => total(tf.abs(v)));

/**
 * The perturbation z [n, h, w, c] nearest to `delta` with ||z||_1 <= eps and x + z in [0,1], for x in [0,1]. Entries that the ball cuts
 * off are exactly 0.
 */
export const nearestInL1 = (x: Tensor4D, delta: Tensor4D, eps: Tensor | number): Tensor4D =>
  tf.tidy(() => {
    const size = tf.abs(delta);
    const room = tf.where(tf.greater(delta, 0), tf.sub(1, x), x);
    const shortened = (l: Tensor) => tf.minimum(tf.relu(tf.sub(size, l)), room);
    let low: Tensor = tf.zerosLike(total(size));
    let high: Tensor = tf.max(size, exampleAxes, true);
    let l: Tensor = low;
    for (let k = 0; k < halvings + newtonSteps; k++) {
      const far = tf.sub(total(shortened(l)), eps);
      const inside = tf.lessEqual(far, 0);
      [low, high] = [tf.where(inside, low, l), tf.where(inside, l, high)];
      const middle = tf.mul(tf.add(low, high), 0.5);
      if (k < halvings) {
        l = k + 1 < halvings ? middle : low;
        continue;
      }
      const left = tf.sub(size, l);
      const slope = total(tf.cast(tf.logicalAnd(tf.greater(left, 0), tf.less(left, room)), 'float32'));
      const newton = tf.add(l, tf.div(far, tf.maximum(slope, 1)));
      const bracketed = tf.logicalAnd(tf.greaterEqual(newton, low), tf.lessEqual(newton, high));
      l = tf.where(bracketed, newton, middle);
    }
    const nearest = tf.mul<Tensor4D>(tf.sign(delta), shortened(l));
    // what rounding leaves outside
    return tf.mul<Tensor4D>(nearest, tf.minimum(tf.div(eps, tf.maximum(l1Norm(nearest), TINY)), 1));
  });
