/**
 * Fast Adaptive Boundary attack (Croce & Hein 2020, algorithm 1): steps to the plane on which the linearised logits of the label and of
 * another class are equal, biased towards the clean image; where a step leads across, a part of the way back. It finds small perturbations, and
 * keeps the smallest; one within eps counts.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { exampleAxes } from '../energy/geometry';
import type { NamedTensors } from '../engine/engine';
import { type Values, count, real } from '../lib/options';
import type { Classifier } from '../models/model';
import { startOnSphere } from './apgd-geometry';
import { anyBallOptions } from './climb';
import { shortestToPlane } from './hyperplane';
import { type MinimalWalk, never } from './minimal';
import { perturbationSize } from './perturb';
import { type Plane, nearestPlane, planeTo } from './planes';
import { column } from './rows';
import { defineWalk } from './walk';

const options = {
  ...anyBallOptions,
  steps: count(100, 'Steps of a restart.', { min: 1, max: 100_000, unit: 'steps' }),
  restarts: count(1, 'Restarts; from the second on they begin at a random point.', { min: 1, max: 1000 }),
  bias: real(0.1, 'At most this share of a step goes towards the plane from the clean image.', { min: 0, max: 1 }),
  overshoot: real(1.05, 'How far beyond the plane, as a factor.', { min: 1, max: 10 }),
  back: real(0.9, 'What is left of the perturbation after a step across.', { min: 0, max: 1 }),
};
type FabOptions = Values<typeof options>;

/** The plane that a step goes to. */
type PlaneOf = (model: Classifier, at: Tensor4D, y: Tensor1D, aim: Tensor1D) => Plane;
type State = { x: Tensor4D; y: Tensor1D; aim: Tensor1D; at: Tensor4D; best: Tensor4D; size: Tensor1D } & NamedTensors;

function fabWalk(
  { norm, eps, steps, restarts, bias, overshoot, back }: FabOptions,
  targets: number,
  plane: PlaneOf,
  aims: (clean: Tensor2D, y: Tensor1D, target: Tensor) => Tensor1D,
): MinimalWalk<State> {
  return {
    rounds: targets * restarts,
    steps,
    start(model, x, y, round, random) {
      const clean = model.logits(x);
      const restart = tf.mod(round, tf.scalar(restarts, 'int32'));
      const jump = startOnSphere(x, norm, eps / 2, random);
      const at = restarts === 1 ? tf.clone(x) : tf.where<Tensor4D>(tf.greater(restart, 0), jump, x);
      const wrong = tf.notEqual(tf.argMax(clean, 1), y);
      return {
        x: tf.clone(x),
        y: tf.clone(y),
        aim: aims(clean, y, tf.cast(tf.floorDiv(round, tf.scalar(restarts, 'int32')), 'int32')),
        at,
        best: tf.clone(x),
        size: tf.where<Tensor1D>(wrong, 0, tf.fill([x.shape[0]], never)),
      };
    },
    numbers: () => ({}),
    step(model, { x, y, aim, at, best, size }) {
      const { gap, w } = plane(model, at, y, aim);
      // the same plane as seen from the clean image
      const cleanGap = tf.add<Tensor4D>(gap, tf.sum(tf.mul(w, tf.sub(x, at)), exampleAxes, true));
      const fromHere = shortestToPlane(at, w, gap, norm);
      const fromClean = shortestToPlane(x, w, cleanGap, norm);
      const lengthOf = (d: Tensor4D) => tf.maximum(column(perturbationSize(tf.zerosLike(d), d, norm)), 1e-8);
      const [here, there] = [lengthOf(fromHere), lengthOf(fromClean)];
      const alpha = tf.minimum(tf.div(here, tf.add(here, there)), bias);
      const biased = tf.add(
        tf.mul(tf.add(at, tf.mul(fromHere, overshoot)), tf.sub(1, alpha)),
        tf.mul(tf.add(x, tf.mul(fromClean, overshoot)), alpha),
      );
      const next = tf.clipByValue(biased as Tensor4D, 0, 1);
      const across = tf.notEqual(tf.argMax(model.logits(next), 1), y);
      const reached = perturbationSize(x, next, norm);
      const nearer = tf.logicalAnd(across, tf.less(reached, size));
      return {
        x,
        y,
        aim,
        at: tf.where<Tensor4D>(column(across), tf.add<Tensor4D>(x, tf.mul(tf.sub(next, x), back)), next),
        best: tf.where<Tensor4D>(column(nearer), next, best),
        size: tf.where<Tensor1D>(nearer, reached, size),
      };
    },
    at: ({ at }) => at,
    reached: ({ x, best, size }) => tf.where<Tensor4D>(column(tf.lessEqual(size, eps)), best, x),
    fallen: ({ size }) => tf.lessEqual<Tensor1D>(size, eps),
    found: ({ best, size }) => ({ images: best, sizes: size }),
  };
}

const reference = 'arXiv 1907.02044';

export const fab = defineWalk({
  id: 'fab',
  title: 'FAB',
  summary: 'Small perturbations, by steps to the nearest linearised boundary.',
  reference,
  options,
  walk: (given) =>
    fabWalk(
      given,
      1,
      (model, at, y) => nearestPlane(model, at, y, given.norm),
      (_clean, y) => tf.clone(y),
    ),
});

export const fabT = defineWalk({
  id: 'fab-t',
  title: 'FAB-T',
  summary: 'FAB towards each of the likeliest wrong classes in turn.',
  reference,
  options: {
    ...options,
    targets: count(9, 'Wrong classes that are aimed at, the likeliest first; at most all of them.', {
      min: 1,
      max: 999,
    }),
  },
  walk: ({ targets, ...given }, { classes }) => {
    const aimed = Math.min(targets, classes - 1);
    return fabWalk(given, aimed, planeTo, (clean, _y, target) => {
      const ranked = tf.topk(clean, aimed + 1).indices;
      return tf.reshape(tf.gather(ranked, tf.reshape(tf.add(target, tf.scalar(1, 'int32')), [1]), 1), [-1]);
    });
  },
});
