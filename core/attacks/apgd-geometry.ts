/** Balls as APGD walks in them (Croce & Hein 2020, section 3): its random start, its step of size eta and its projection, by norm. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import { exampleAxes, l2Norm } from '../energy/geometry';
import type { Random } from '../engine/engine';
import { type Norm, project } from './perturb';

export interface ApgdGeometry {
  /** A point on the sphere round x [n, h, w, c], cut with [0,1]. */
  start(x: Tensor4D, eps: number, random: Random): Tensor4D;
  /** P(at + size * direction), size [n, 1, 1, 1]. */
  step(x: Tensor4D, at: Tensor4D, gradient: Tensor4D, size: Tensor4D, eps: number): Tensor4D;
  /** P: into the ball, then into [0,1]. */
  project(x: Tensor4D, at: Tensor4D, eps: number): Tensor4D;
}

/** What the authors add to a norm before they divide by it. */
const tiny = 1e-12;
const unit = (v: Tensor4D): Tensor4D => tf.div(v, tf.add(l2Norm(v), tiny));

const sphere = (
  norm: Norm,
  direction: (random: Random, x: Tensor4D) => Tensor4D,
  towards: (g: Tensor4D) => Tensor4D,
) => ({
  start: (x: Tensor4D, eps: number, random: Random) =>
    tf.tidy(() => tf.clipByValue(tf.add<Tensor4D>(x, tf.mul(direction(random, x), eps)), 0, 1)),
  step: (x: Tensor4D, at: Tensor4D, gradient: Tensor4D, size: Tensor4D, eps: number) =>
    tf.tidy(() => project(x, tf.add<Tensor4D>(at, tf.mul(towards(gradient), size)), norm, eps)),
  project: (x: Tensor4D, at: Tensor4D, eps: number) => project(x, at, norm, eps),
});

export const apgdGeometries: Readonly<Record<Norm, ApgdGeometry>> = {
  linf: sphere(
    'linf',
    (random, x) => {
      const u = random.uniform(x.shape, -1, 1) as Tensor4D;
      return tf.div(u, tf.add(tf.max(tf.abs(u), exampleAxes, true), tiny));
    },
    (gradient) => tf.sign(gradient),
  ),
  l2: sphere('l2', (random, x) => unit(random.normal(x.shape) as Tensor4D), unit),
};
