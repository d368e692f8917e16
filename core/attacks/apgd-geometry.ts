/** Balls as APGD walks in them (Croce & Hein 2020, section 3): its random start, its step of size eta and its projection, by norm. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import { exampleAxes, l2Norm } from '../energy/geometry';
import type { Random } from '../engine/engine';
import { l1Norm } from './l1-ball';
import { type BallNorm, type Norm, project } from './perturb';

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

/** Directions of length 1 in the norm. */
const directions: Readonly<Record<BallNorm, (x: Tensor4D, random: Random) => Tensor4D>> = {
  linf(x, random) {
    const u = random.uniform(x.shape, -1, 1) as Tensor4D;
    return tf.div(u, tf.add(tf.max(tf.abs(u), exampleAxes, true), tiny));
  },
  l2: (x, random) => unit(random.normal(x.shape) as Tensor4D),
  l1(x, random) {
    const u = random.normal(x.shape) as Tensor4D;
    return tf.div(u, tf.add(l1Norm(u), tiny));
  },
};

/** A point on the sphere round x [n, h, w, c], cut with [0,1]. */
export const startOnSphere = (x: Tensor4D, norm: BallNorm, eps: number, random: Random): Tensor4D =>
  tf.tidy(() => tf.clipByValue(tf.add<Tensor4D>(x, tf.mul(directions[norm](x, random), eps)), 0, 1));

const geometry = (norm: Norm, towards: (g: Tensor4D) => Tensor4D): ApgdGeometry => ({
  start: (x, eps, random) => startOnSphere(x, norm, eps, random),
  step: (x, at, gradient, size, eps) =>
    tf.tidy(() => project(x, tf.add<Tensor4D>(at, tf.mul(towards(gradient), size)), norm, eps)),
  project: (x, at, eps) => project(x, at, norm, eps),
});

export const apgdGeometries: Readonly<Record<Norm, ApgdGeometry>> = {
  linf: geometry('linf', (gradient) => tf.sign(gradient)),
  l2: geometry('l2', unit),
};
