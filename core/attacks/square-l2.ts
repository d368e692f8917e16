/**
 * Square attack in l2 (Andriushchenko et al. 2020, section 3.4): bumps of norm eps in a grid at first; then a window's perturbation is
 * given what the image has left of eps and the mass of a second window, which is cleared.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import { exampleAxes } from '../energy/geometry';
import type { SquareMoves } from './square';
import { type Bumps, bumps, grid } from './square-bumps';
import { oddSide, randomWindow, signs } from './square-window';

const tiny = 1e-12;
const norm = (v: Tensor4D, axes: number[]): Tensor4D => tf.sqrt(tf.sum<Tensor4D>(tf.square(v), axes, true));
export const bumpsL2: Bumps = { power: 2, norm };
/** x moved by `delta` scaled to norm eps, cut with [0,1]. */
const onSphere = (x: Tensor4D, delta: Tensor4D, eps: number): Tensor4D =>
  tf.clipByValue(tf.add<Tensor4D>(x, tf.mul(tf.div(delta, tf.add(norm(delta, exampleAxes), tiny)), eps)), 0, 1);

export const squareL2: SquareMoves = {
  side: oddSide,
  start: (x, eps, random) => onSphere(x, grid(x, bumpsL2, random), eps),
  propose(x, best, side, eps, random) {
    const [n, height, width, channels] = x.shape;
    const delta = tf.sub<Tensor4D>(best, x);
    const one = randomWindow(height, width, side, random.fork('window'));
    const two = randomWindow(height, width, side, random.fork('cleared'));
    const windows = tf.maximum(one.mask, two.mask);
    const inOne = tf.mul<Tensor4D>(delta, one.mask);
    const bump = tf.mul(
      bumps(one, side, bumpsL2, random.fork('turn')),
      signs([n, 1, 1, channels], random.fork('signs')),
    );
    const shape = tf.mul<Tensor4D>(tf.add(bump, tf.div(inOne, tf.add(norm(inOne, [1, 2]), tiny))), one.mask);
    const left = tf.maximum(tf.sub(eps * eps, tf.square(norm(delta, exampleAxes))), 0);
    const moved = tf.square(norm(tf.mul(delta, windows), [1, 2]));
    const mass = tf.sqrt(tf.add(tf.div(left, channels), moved));
    const fresh = tf.mul(tf.div(shape, tf.add(norm(shape, [1, 2]), tiny)), mass);
    return onSphere(x, tf.add(tf.mul(delta, tf.sub(1, windows)), fresh), eps);
  },
};
