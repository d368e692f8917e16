/**
 * The pattern of Square's windows in l2 and l1 (Andriushchenko et al. 2020, section 3.4): two pyramids beside each other, one up and one
 * down, lying or standing. In l1, as in the authors' code, they are steeper.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type { Random } from '../engine/engine';
import { type Window, signs } from './square-window';

export interface Bumps {
  /** A pyramid's height at a distance m from its middle is the sum of 1/j^power from m + 1 on. */
  readonly power: number;
  /** Sizes over these axes, kept as 1; a pattern has size 1. */
  norm(v: Tensor4D, axes: number[]): Tensor4D;
}

const tiny = 1e-12;

/** The pattern of a window of this side (a scalar), [1, h, w, 1], 0 outside; distances are the larger of rows and columns. */
export function bumps(
  { row, column }: Pick<Window, 'row' | 'column'>,
  side: Tensor,
  { power, norm }: Bumps,
  random: Random,
): Tensor4D {
  const turned = tf.greater(random.uniform([1, 1]), 0.5);
  const [height, width] = [row.shape[0] ?? 1, column.shape[1] ?? 1];
  const most = Math.max(height, width);
  const sums = powerSums(most, power);
  const [rows, columns] = [tf.tile(row as Tensor2D, [1, width]), tf.tile(column as Tensor2D, [height, 1])];
  const along = tf.where(turned, columns, rows);
  const beside = tf.where(turned, rows, columns);
  const half = tf.floor(tf.div(side, 2));
  const within = (place: Tensor, from: Tensor | number, to: Tensor) =>
    tf.cast(tf.logicalAnd(tf.greaterEqual(place, from), tf.less(place, to)), 'float32');
  const unit = (pattern: Tensor): Tensor4D => {
    const image = tf.reshape<tf.Rank.R4>(pattern, [1, height, width, 1]);
    return tf.div(image, tf.add(norm(image, [1, 2]), tiny));
  };
  const pyramid = (from: Tensor | number, length: Tensor): Tensor4D => {
    const middle = tf.floor(tf.div(length, 2));
    const distance = tf.maximum(tf.abs(tf.sub(tf.sub(along, from), middle)), tf.abs(tf.sub(beside, half)));
    const inside = tf.mul(within(along, from, tf.add(length, from)), within(beside, 0, side));
    const heightOf = (m: Tensor) => tf.gather(sums, tf.cast(m, 'int32'));
    const peak = heightOf(tf.add(tf.maximum(middle, half), 1));
    return unit(tf.mul(inside, tf.sub(peak, heightOf(tf.clipByValue(distance, 0, most)))));
  };
  return unit(tf.sub(pyramid(0, half), pyramid(half, tf.sub(side, half))));
}

/** Patterns in five by five tiles for images like x, each turned at random, its sign drawn for every image and channel. */
export function grid(x: Tensor4D, pattern: Bumps, random: Random): Tensor4D {
  const [n, height, width, channels] = x.shape;
  const side = Math.max(Math.floor(height / 5), 1);
  const first = Math.max(0, Math.floor((height - 5 * side) / 2));
  const [down, across] = [Math.floor(height / side), Math.floor(width / side)];
  let delta: Tensor4D = tf.zerosLike(x);
  for (let i = 0; i < down; i++)
    for (let j = 0; j < across; j++) {
      const stream = random.fork(`${i}/${j}`);
      const row = tf.sub(tf.reshape(tf.range(0, height), [height, 1]), first + i * side);
      const column = tf.sub(tf.reshape(tf.range(0, width), [1, width]), first + j * side);
      const bump = bumps({ row, column }, tf.scalar(side), pattern, stream.fork('turn'));
      delta = tf.add(delta, tf.mul(bump, signs([n, 1, 1, channels], stream.fork('signs'))));
    }
  return delta;
}

/** Sums of 1/j^power for j from 1 to m, at m. */
function powerSums(most: number, power: number): Tensor {
  const sums = new Float32Array(most + 3);
  for (let m = 1; m < sums.length; m++) sums[m] = (sums[m - 1] ?? 0) + 1 / m ** power;
  return tf.tensor1d(sums);
}
