/**
 * Square attack in l1, as the authors' code carries it over from l2: patterns of norm 1 in a grid at first; then a window's perturbation is
 * given what the image has left of eps and the mass of a second window, which is cleared. Every proposal is projected on the ball cut
 * with [0,1].
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import { exampleAxes } from '../energy/geometry';
import { nearestInL1 } from './l1-ball';
import type { SquareMoves } from './square';
import { type Bumps, bumps, grid } from './square-bumps';
import { oddSide, randomWindow, signs } from './square-window';

const tiny = 1e-12;
const norm = (v: Tensor4D, axes: number[]): Tensor4D => tf.sum<Tensor4D>(tf.abs(v), axes, true);
export const bumpsL1: Bumps = { power: 4, norm };

const within = (x: Tensor4D, delta: Tensor4D, eps: number): Tensor4D =>
  tf.clipByValue(tf.add<Tensor4D>(x, nearestInL1(x, delta, eps)), 0, 1);

export const squareL1: SquareMoves = {
  side: oddSide,
  start: (x, eps, random) => within(x, grid(x, bumpsL1, random), eps),
  propose(x, best, side, eps, random) {
    const [n, height, width, channels] = x.shape;
    const delta = tf.sub<Tensor4D>(best, x);
    const one = randomWindow(height, width, side, random.fork('window'));
    const two = randomWindow(height, width, side, random.fork('cleared'));
    const windows = tf.maximum(one.mask, two.mask);
    const inOne = tf.mul<Tensor4D>(delta, one.mask);
    const bump = tf.mul(
      bumps(one, side, bumpsL1, random.fork('turn')),
      signs([n, 1, 1, channels], random.fork('signs')),
    );
    const shape = tf.mul<Tensor4D>(tf.add(bump, tf.div(inOne, tf.add(norm(inOne, [1, 2]), tiny))), one.mask);
    const left = tf.maximum(tf.sub(eps, norm(delta, exampleAxes)), 0);
    // of each channel, times the channels: more than there is, for the projection to choose from
    const mass = tf.add(left, tf.mul(norm(tf.mul(delta, windows), [1, 2]), channels));
    const fresh = tf.mul(tf.div(shape, tf.add(norm(shape, [1, 2]), tiny)), mass);
    return within(x, tf.add(tf.mul(delta, tf.sub(1, windows)), fresh), eps);
  },
};
