/** What the gradient attacks share: their options, the loop over steps and restarts, the choice of the worst restart. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import { type PerExample, crossEntropy, gradientInX } from '../energy/energy';
import type { Random } from '../engine/engine';
import { type Schema, choice, count, distance, flag } from '../lib/options';
import type { Classifier } from '../models/model';
import type { AttackEntry } from './attack';
import { type LossId, lossIds } from './losses';
import { type Norm, ballNorms, norms, randomStart } from './perturb';

export const ballOptions = {
  norm: choice(norms, 'linf', 'Norm of the ball.'),
  eps: distance('8/255', 'Radius of the ball.'),
};
/** For attacks that know l1 too. */
export const anyBallOptions = { ...ballOptions, norm: choice(ballNorms, 'linf', 'Norm of the ball.') };
export const walkOptions = {
  ...ballOptions,
  step: distance('2/255', 'Size of a step.'),
  steps: count(10, 'Steps.', { min: 1, max: 100_000, unit: 'steps' }),
  restarts: count(1, 'Restarts; the worst point of each image is kept.', { min: 1, max: 1000 }),
};
export const lossOptions = {
  loss: choice(lossIds, 'ce' satisfies LossId, 'What the attack climbs.'),
  targeted: flag(false, 'y is the class to reach, not the class to leave.'),
};
export const startOption = (value: boolean) => flag(value, 'Start at a random point of the ball.');

export interface Climb {
  readonly norm: Norm;
  readonly eps: number;
  readonly steps: number;
  readonly restarts: number;
  readonly randomStart: boolean;
  readonly targeted: boolean;
  /** What is climbed. */
  readonly value: PerExample;
  /** The next point, in the ball, from the gradient at this one; `momentum` is what the last move returned. */
  move(at: Tensor4D, gradient: Tensor4D, momentum: Tensor4D | undefined): { at: Tensor4D; momentum?: Tensor4D };
}

/** Runs every restart and keeps, for each example, the one of highest CE (lowest when targeted), without reading anything back. */
export function climb(model: Classifier, x: Tensor4D, y: Tensor1D, plan: Climb, random: Random): Tensor4D {
  return tf.tidy(() => {
    let worst = climbOnce(model, x, plan, climbStream(random, 0));
    if (plan.restarts === 1) return worst;
    let highest = climbHeight(model, worst, y, plan);
    for (let restart = 1; restart < plan.restarts; restart++) {
      [worst, highest] = tf.tidy(() => {
        const candidate = climbOnce(model, x, plan, climbStream(random, restart));
        const reached = climbHeight(model, candidate, y, plan);
        const higher = tf.reshape(tf.greater(reached, highest), [-1, 1, 1, 1]);
        return [tf.where<Tensor4D>(higher, candidate, worst), tf.maximum<Tensor1D>(reached, highest)];
      });
    }
    return worst;
  });
}

/** The stream of one restart. */
export const climbStream = (random: Random, restart: number): Random => random.fork(restart);
/** Where a restart begins: x, or a random point of the ball. */
export const climbStart = (x: Tensor4D, { randomStart: random, norm, eps }: Climb, stream: Random): Tensor4D =>
  random ? randomStart(x, norm, eps, stream) : tf.clone(x);
/** One step of it. */
export const climbStep = (
  model: Classifier,
  plan: Climb,
  at: Tensor4D,
  momentum?: Tensor4D,
): ReturnType<Climb['move']> => tf.tidy(() => plan.move(at, gradientInX(model, at, plan.value), momentum));
/** What restarts are compared by [n]; the highest stays. */
export const climbHeight = (model: Classifier, at: Tensor4D, y: Tensor1D, { targeted }: Climb): Tensor1D =>
  tf.tidy(() => tf.mul<Tensor1D>(crossEntropy(model.logits(at), y), targeted ? -1 : 1));

/** An attack that climbs: what it does in all follows from how it climbs. */
export const defineClimb = <S extends Schema>(
  entry: Omit<AttackEntry<S>, 'run'> & Required<Pick<AttackEntry<S>, 'climbing'>>,
): typeof entry & AttackEntry<S> => ({
  ...entry,
  run: (model, x, y, options, random) =>
    tf.tidy(() => climb(model, x, y, entry.climbing(model, x, y, options), random)),
});

function climbOnce(model: Classifier, x: Tensor4D, plan: Climb, random: Random): Tensor4D {
  let at = climbStart(x, plan, random);
  let momentum: Tensor4D | undefined;
  for (let k = 0; k < plan.steps; k++) {
    const next = climbStep(model, plan, at, momentum);
    at.dispose();
    momentum?.dispose();
    at = next.at;
    momentum = next.momentum;
  }
  return at;
}
