/** L2 geometry per example: vectors are tensors [n, h, w, c], sizes are [n, 1, 1, 1]. Attacks and samplers both move by it. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor4D } from '@tensorflow/tfjs-core';

/** Smaller than any entry that matters; keeps a zero vector zero under division. */
export const TINY = 1e-30;
/** The axes of one example. */
export const exampleAxes = [1, 2, 3];

/** ||v||_2 of each example, scaled by its largest entry so that tiny gradients do not underflow. */
export const l2Norm = (v: Tensor4D): Tensor4D =>
  tf.tidy(() => {
    const largest = tf.maximum(tf.max<Tensor4D>(tf.abs(v), exampleAxes, true), TINY);
    return tf.mul<Tensor4D>(tf.sqrt(tf.sum(tf.square(tf.div(v, largest)), exampleAxes, true)), largest);
  });

/** v / ||v||_2 of each example; zero stays zero. */
export const unitL2 = (v: Tensor4D): Tensor4D =>
  tf.tidy(() => {
    const scaled = tf.div<Tensor4D>(v, tf.maximum(tf.max(tf.abs(v), exampleAxes, true), TINY));
    return tf.div<Tensor4D>(scaled, tf.maximum(l2Norm(scaled), TINY));
  });

/** v shortened to at most `radius` where it is longer. */
export const limitL2 = (v: Tensor4D, radius: number): Tensor4D =>
  tf.tidy(() => tf.mul<Tensor4D>(v, tf.minimum(tf.div(radius, tf.maximum(l2Norm(v), TINY)), 1)));
