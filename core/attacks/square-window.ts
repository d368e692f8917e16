/** Windows of an image as masks, so that their side and place can be numbers that a compiled step is fed. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { Random } from '../engine/engine';

/** Row and column of each pixel within a window, [h, 1] and [1, w]; outside of it below 0 or not below the side. */
export interface Window {
  readonly row: Tensor;
  readonly column: Tensor;
  /** 1 inside, [1, h, w, 1]. */
  readonly mask: Tensor4D;
}

/** A window of this side (a scalar) at a corner drawn uniformly from [0, h - side) x [0, w - side); the first where there is no other. */
export function randomWindow(height: number, width: number, side: Tensor, random: Random): Window {
  const draws = random.uniform([2]);
  const [down, across] = tf.split(draws, 2) as [Tensor, Tensor];
  const corner = (u: Tensor, length: number) => tf.floor(tf.mul(u, tf.sub(length, side)));
  return window(height, width, side, corner(down, height), corner(across, width));
}

export function window(height: number, width: number, side: Tensor, top: Tensor, left: Tensor): Window {
  const row = tf.sub(tf.reshape(tf.range(0, height), [height, 1]), top);
  const column = tf.sub(tf.reshape(tf.range(0, width), [1, width]), left);
  const within = (place: Tensor) => tf.logicalAnd(tf.greaterEqual(place, 0), tf.less(place, side));
  const inside = tf.logicalAnd(within(row), within(column));
  return { row, column, mask: tf.reshape(tf.cast(inside, 'float32'), [1, height, width, 1]) };
}

/** -1 or 1, each as likely. */
export const signs = (shape: readonly number[], random: Random): Tensor =>
  tf.tidy(() => tf.sub(tf.mul(tf.cast(tf.greater(random.uniform(shape), 0.5), 'float32'), 2), 1));

/** The side of a window of this area, odd and at least 3, for patterns with a middle. */
export function oddSide(area: number): number {
  const side = Math.max(Math.round(Math.sqrt(area)), 3);
  return side % 2 === 0 ? side + 1 : side;
}
