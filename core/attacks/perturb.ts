/**
 * The geometry of an attack (Madry et al. 2018): the ball of a norm round x cut with [0,1], its random points, and the step of
 * steepest ascent. Distances are in [0,1] pixel units.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import { TINY, exampleAxes, l2Norm, limitL2, unitL2 } from '../energy/geometry';
import type { Random } from '../engine/engine';

export const norms = ['linf', 'l2'] as const;
export type Norm = (typeof norms)[number];
/** With l1, which only attacks with steps of their own for it know. */
export const ballNorms = [...norms, 'l1'] as const;
export type BallNorm = (typeof ballNorms)[number];

/** Mean of |v| over each example, shaped [n, 1, 1, 1]; positive. */
export const meanSize = (v: Tensor4D): Tensor4D =>
  tf.tidy(() => tf.maximum<Tensor4D>(tf.mean(tf.abs(v), exampleAxes, true), TINY));

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
    return tf.clipByValue(tf.add<Tensor4D>(x, limitL2(tf.sub(adversarial, x), eps)), 0, 1);
  });

/** A point drawn uniformly from the ball (before the cut with [0,1]). */
export const randomStart = (x: Tensor4D, norm: Norm, eps: number, random: Random): Tensor4D =>
  tf.tidy(() => {
    if (norm === 'linf') return project(x, tf.add(x, random.uniform(x.shape, -eps, eps)), norm, eps);
    const [n, height, width, channels] = x.shape;
    const radius = tf.mul(tf.pow(random.uniform([n, 1, 1, 1]), 1 / (height * width * channels)), eps);
    const direction = unitL2(random.normal(x.shape) as Tensor4D);
    return project(x, tf.add(x, tf.mul(direction, radius)), norm, eps);
  });

/** One step of the given size along the steepest ascent of the norm: sign(g) for linf, g / ||g|| for l2. */
export const ascend = (x: Tensor4D, gradient: Tensor4D, norm: Norm, step: number): Tensor4D =>
  tf.tidy(() => tf.add<Tensor4D>(x, tf.mul(norm === 'linf' ? tf.sign(gradient) : unitL2(gradient), step)));

/** Size of x' - x in the norm, for each example: [n]. */
export const perturbationSize = (x: Tensor4D, adversarial: Tensor4D, norm: BallNorm): Tensor1D =>
  tf.tidy(() => tf.reshape(normOf[norm](tf.sub<Tensor4D>(adversarial, x)), [x.shape[0]]));

const normOf: Readonly<Record<BallNorm, (delta: Tensor4D) => Tensor>> = {
  linf: (delta) => tf.max(tf.abs(delta), exampleAxes),
  l2: l2Norm,
  l1: (delta) => tf.sum(tf.abs(delta), exampleAxes),
};
