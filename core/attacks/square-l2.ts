/**
 * Square attack in l2 (Andriushchenko et al. 2020, section 3.4): bumps of norm eps in a grid at first; then a window's perturbation is
 * given what the image has left of eps and the mass of a second window, which is cleared.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { exampleAxes } from '../energy/geometry';
import type { Random } from '../engine/engine';
import type { SquareMoves } from './square';
import { randomWindow, signs } from './square-window';

const tiny = 1e-12;
const norm = (v: Tensor4D, axes: number[]): Tensor4D => tf.sqrt(tf.sum<Tensor4D>(tf.square(v), axes, true));
/** x moved by `delta` scaled to norm eps, cut with [0,1]. */
const onSphere = (x: Tensor4D, delta: Tensor4D, eps: number): Tensor4D =>
  tf.clipByValue(tf.add<Tensor4D>(x, tf.mul(tf.div(delta, tf.add(norm(delta, exampleAxes), tiny)), eps)), 0, 1);

export const squareL2: SquareMoves = {
  side(area) {
    const side = Math.max(Math.round(Math.sqrt(area)), 3);
    return side % 2 === 0 ? side + 1 : side;
  },
  start: (x, eps, random) => onSphere(x, grid(x, random), eps),
  propose(x, best, side, eps, random) {
    const [n, height, width, channels] = x.shape;
    const delta = tf.sub<Tensor4D>(best, x);
    const one = randomWindow(height, width, side, random.fork('window'));
    const two = randomWindow(height, width, side, random.fork('cleared'));
    const windows = tf.maximum(one.mask, two.mask);
    const inOne = tf.mul<Tensor4D>(delta, one.mask);
    const bump = tf.mul(
      bumps(one.row, one.column, side, random.fork('turn')),
      signs([n, 1, 1, channels], random.fork('signs')),
    );
    const shape = tf.mul<Tensor4D>(tf.add(bump, tf.div(inOne, tf.add(norm(inOne, [1, 2]), tiny))), one.mask);
    const left = tf.maximum(tf.sub(eps * eps, tf.square(norm(delta, exampleAxes))), 0);
    const moved = tf.square(norm(tf.mul(delta, windows), exampleAxes));
    const mass = tf.sqrt(tf.add(tf.div(left, channels), moved));
    const fresh = tf.mul(tf.div(shape, tf.add(norm(shape, [1, 2]), tiny)), mass);
    return onSphere(x, tf.add(tf.mul(delta, tf.sub(1, windows)), fresh), eps);
  },
};

/** Bumps in five by five tiles, each turned at random, its sign drawn for every image and channel. */
function grid(x: Tensor4D, random: Random): Tensor4D {
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
      const bump = bumps(row, column, tf.scalar(side), stream.fork('turn'));
      delta = tf.add(delta, tf.mul(bump, signs([n, 1, 1, channels], stream.fork('signs'))));
    }
  return delta;
}

/**
 * A window's pattern [1, h, w, 1], 0 outside: two pyramids beside each other, one up and one down, lying or standing, of norm 1 (the
 * paper's eta). A pyramid's height at a distance m (the larger of rows and columns) from its middle is the sum of 1/j^2 from m + 1 on.
 */
export function bumps(row: Tensor, column: Tensor, side: Tensor, random: Random): Tensor4D {
  const turned = tf.greater(random.uniform([1, 1]), 0.5);
  const [height, width] = [row.shape[0] ?? 1, column.shape[1] ?? 1];
  const [rows, columns] = [tf.tile(row as tf.Tensor2D, [1, width]), tf.tile(column as tf.Tensor2D, [height, 1])];
  const along = tf.where(turned, columns, rows);
  const beside = tf.where(turned, rows, columns);
  const half = tf.floor(tf.div(side, 2));
  const within = (place: Tensor, from: Tensor | number, to: Tensor) =>
    tf.cast(tf.logicalAnd(tf.greaterEqual(place, from), tf.less(place, to)), 'float32');
  const pyramid = (from: Tensor | number, length: Tensor) => {
    const middle = tf.floor(tf.div(length, 2));
    const distance = tf.maximum(tf.abs(tf.sub(tf.sub(along, from), middle)), tf.abs(tf.sub(beside, half)));
    const inside = tf.mul(within(along, from, tf.add(length, from)), within(beside, 0, side));
    const peak = tf.maximum(middle, half);
    const heightOf = (m: Tensor) => tf.gather(inverseSquares(Math.max(height, width)), tf.cast(m, 'int32'));
    const most = Math.max(height, width);
    const value = tf.mul(inside, tf.sub(heightOf(tf.add(peak, 1)), heightOf(tf.clipByValue(distance, 0, most))));
    return tf.div(value, tf.add(tf.sqrt(tf.sum(tf.square(value))), tiny));
  };
  const both = tf.sub(pyramid(0, half), pyramid(half, tf.sub(side, half)));
  return tf.reshape(tf.div(both, tf.add(tf.sqrt(tf.sum(tf.square(both))), tiny)), [1, height, width, 1]);
}

/** Sums of 1/j^2 for j from 1 to m, at m. */
const inverseSquares = (most: number): Tensor => {
  const sums = new Float32Array(most + 3);
  for (let m = 1; m < sums.length; m++) sums[m] = (sums[m - 1] ?? 0) + 1 / m ** 2;
  return tf.tensor1d(sums);
};
