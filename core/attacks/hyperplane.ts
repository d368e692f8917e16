/**
 * The shortest way from points of [0,1]^d to a hyperplane within [0,1]^d (Croce & Hein 2020, Fast Adaptive Boundary attack, section 3.1).
 * Every coordinate moves against the sign of w as far as its limit lets it, p_i = t_i or 1 - t_i:
 *   linf: |d_i| = min(l, p_i)          l2: |d_i| = min(l |w_i|, p_i)
 * with the l for which sum |w_i d_i| is the distance to go. That sum is concave and piecewise linear in l, so Newton's method from l = 0
 * never oversteps and ends after as many steps as it meets pieces. In l1 the coordinate of the largest |w_i| moves first, then the next one.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { TINY, exampleAxes } from '../energy/geometry';
import type { BallNorm, Norm } from './perturb';

/** Enough pieces for images; what is left after that is far below rounding. */
const newtonSteps = 12;
const total = (v: Tensor): Tensor4D => tf.sum<Tensor4D>(v as Tensor4D, exampleAxes, true);

/**
 * d [n, h, w, c] with t + d in [0,1] and w . (t + d) = w . t - gap, where such points are; else t + d is the corner that is nearest to
 * the plane. `gap` [n, 1, 1, 1] is w . t - b: on which side of the plane t lies, and how far in units of w.
 */
export const shortestToPlane = (t: Tensor4D, w: Tensor4D, gap: Tensor4D, norm: BallNorm): Tensor4D =>
  tf.tidy(() => {
    const side = tf.sub(tf.mul(tf.cast(tf.greaterEqual(gap, 0), 'float32'), 2), 1);
    const direction = tf.neg(tf.sign(tf.mul(w, side)));
    const weight = tf.abs(w);
    // towards 1 where the direction is positive, towards 0 elsewhere; what has no weight stays
    const limit = tf.mul<Tensor4D>(
      tf.where(tf.greater(direction, 0), tf.sub(1, t), t),
      tf.cast(tf.greater(weight, 0), 'float32'),
    );
    const wanted = tf.abs(gap);
    const sizes = norm === 'l1' ? heaviestFirst(weight, limit, wanted) : allAtOnce(weight, limit, wanted, norm);
    return tf.mul<Tensor4D>(direction, sizes);
  });

/** |d| in linf and l2. */
function allAtOnce(weight: Tensor4D, limit: Tensor4D, wanted: Tensor4D, norm: Norm): Tensor4D {
  const rate: Tensor = norm === 'linf' ? tf.onesLike(weight) : weight;
  let l: Tensor = tf.zerosLike(wanted);
  for (let k = 0; k < newtonSteps; k++) {
    const way = tf.mul(rate, l);
    const free = tf.cast(tf.less(way, limit), 'float32');
    const left = tf.sub(wanted, total(tf.mul(weight, tf.minimum(way, limit))));
    const slope = total(tf.mul(tf.mul(weight, rate), free));
    // nothing is free any more: the plane is out of reach, and all are at their limits
    l = tf.where(tf.greater(slope, TINY), tf.add(l, tf.div(tf.maximum(left, 0), tf.maximum(slope, TINY))), l);
  }
  return tf.minimum<Tensor4D>(tf.mul(rate, l), limit);
}

/** |d| in l1: what is heavier than the coordinate at which the way ends is at its limit; what is as heavy goes on in its order. */
function heaviestFirst(weight: Tensor4D, limit: Tensor4D, wanted: Tensor4D): Tensor4D {
  const [n] = weight.shape;
  const entries = weight.size / n;
  const rows = (v: Tensor): Tensor2D => tf.reshape(v, [n, entries]);
  const gain = tf.mul(weight, limit);
  const { values, indices } = tf.topk(rows(weight), entries);
  // by place in the whole batch: the gather of wasm knows no batches
  const places = tf.add(indices, tf.reshape(tf.range(0, n * entries, entries, 'int32'), [n, 1]));
  const done = tf.cumsum<Tensor2D>(tf.gather(tf.reshape(gain, [-1]), places), 1);
  const enough = tf.greaterEqual(done, tf.reshape(wanted, [n, 1]));
  // 0 where the plane is out of reach
  const last = tf.reshape(tf.max(tf.where(enough, values, tf.zerosLike(values)), 1), [n, 1, 1, 1]);
  const heavier = tf.greater(weight, last);
  const asHeavy = tf.cast(tf.equal(weight, last), 'float32');
  const left = tf.sub(wanted, total(tf.mul(gain, tf.cast(heavier, 'float32'))));
  const before = tf.reshape(tf.cumsum(rows(tf.mul(gain, asHeavy)), 1, true), weight.shape);
  const part = tf.div(tf.sub(left, before), tf.maximum(last, TINY));
  const ending = tf.mul<Tensor4D>(tf.minimum(tf.relu(part), limit), asHeavy);
  return tf.where<Tensor4D>(heavier, limit, ending);
}
