/**
 * The geometry of an attack (Madry et al. 2018): the ball of a norm round x cut with [0,1], its random points, and the step of
 * steepest ascent. Distances are in [0,1] pixel units.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import type { Random } from '../engine/engine';

export const norms = ['linf', 'l2'] as const;
export type Norm = (typeof norms)[number];

/** Below every positive float32 that a gradient can hold and still matter; keeps a zero gradient zero. */
const TINY = 1e-30;
const axes = [1, 2, 3];

/** ||v||_2 of each example, shaped [n, 1, 1, 1]; scaled by the largest entry, so that tiny gradients do not underflow. */
export const l2Norm = (v: Tensor4D): Tensor4D =>
  tf.tidy(() => {
    const largest = tf.maximum(tf.max<Tensor4D>(tf.abs(v), axes, true), TINY);
    return tf.mul<Tensor4D>(tf.sqrt(tf.sum(tf.square(tf.div(v, largest)), axes, true)), largest);
  });

/** v / ||v||_2 for each example; zero stays zero. */
export const unit = (v: Tensor4D): Tensor4D =>
  tf.tidy(() => {
    const scaled = tf.div<Tensor4D>(v, tf.maximum(tf.max(tf.abs(v), axes, true), TINY));
    return tf.div<Tensor4D>(scaled, tf.maximum(l2Norm(scaled), TINY));
  });

/** Mean of |v| over each example, shaped [n, 1, 1, 1]; positive. */
export const meanSize = (v: Tensor4D): Tensor4D =>
  tf.tidy(() => tf.maximum<Tensor4D>(tf.mean(tf.abs(v), axes, true), TINY));

/**
 * The point of {|x' - x| <= eps} and [0,1] that `adversarial` is moved to: the nearest one for linf; for l2 the radial projection,
 * then the clip, which never leads out of the ball since x itself is in [0,1]. Exact to float rounding.
 */
export const project = (x: Tensor4D, adversarial: Tensor4D, norm: Norm, eps: number): Tensor4D =>
  tf.tidy(() => {
    if (norm === 'linf') {
      const inside = tf.minimum<Tensor4D>(tf.maximum(adversarial, tf.sub(x, eps)), tf.add(x, eps));
      return tf.clipByValue(inside, 0, 1);
    }
    const delta = tf.sub<Tensor4D>(adversarial, x);
    const shrink = tf.minimum(tf.div(eps, tf.maximum(l2Norm(delta), TINY)), 1);
    return tf.clipByValue(tf.add<Tensor4D>(x, tf.mul(delta, shrink)), 0, 1);
  });

/** A point drawn uniformly from the ball (before the cut with [0,1]). */
export const randomStart = (x: Tensor4D, norm: Norm, eps: number, random: Random): Tensor4D =>
  tf.tidy(() => {
    if (norm === 'linf') return project(x, tf.add(x, random.uniform(x.shape, -eps, eps)), norm, eps);
    const [n, height, width, channels] = x.shape;
    const radius = tf.mul(tf.pow(random.uniform([n, 1, 1, 1]), 1 / (height * width * channels)), eps);
    const direction = unit(random.normal(x.shape) as Tensor4D);
    return project(x, tf.add(x, tf.mul(direction, radius)), norm, eps);
  });

/** One step of the given size along the steepest ascent of the norm: sign(g) for linf, g / ||g|| for l2. */
export const ascend = (x: Tensor4D, gradient: Tensor4D, norm: Norm, step: number): Tensor4D =>
  tf.tidy(() => tf.add<Tensor4D>(x, tf.mul(norm === 'linf' ? tf.sign(gradient) : unit(gradient), step)));

/** Size of x' - x in the norm, for each example: [n]. */
export const perturbationSize = (x: Tensor4D, adversarial: Tensor4D, norm: Norm): Tensor1D =>
  tf.tidy(() => {
    const delta = tf.sub<Tensor4D>(adversarial, x);
    const sizes = norm === 'linf' ? tf.max(tf.abs(delta), axes) : l2Norm(delta);
    return tf.reshape(sizes, [x.shape[0]]);
  });
