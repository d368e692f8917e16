/**
 * Auto-PGD in l1 (Croce & Hein 2021, "Mind the box", section 4): steps along the signs of the gradient's largest entries, projected on the
 * ball cut with [0,1], without momentum. How many entries move follows how many differ from x at the best point; while that falls, the step
 * is eps again, else it shrinks down to eps / 10. With a wide start it walks through the balls of 3 eps and 2 eps first.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import { exampleAxes } from '../energy/geometry';
import type { NamedTensors } from '../engine/engine';
import { type ApgdTask, look } from './apgd-look';
import { asFlag, choose, column, isWrong } from './rows';
import { nearestInL1 } from './l1-ball';
import type { Walk } from './walk';

export interface ApgdL1Plan extends ApgdTask {
  readonly wideStart: boolean;
}

/** So many times fewer entries move than differ from x. */
const sparser = 1.5;
const firstShare = 0.2;
/** Fewer than this part of the entries that differed before: sparser than before. */
const falling = 0.95;
const shrink = 1.5;
const smallest = 0.1;
/** Projected entries are often 0 but for this: radius, step and counts are multiples of each other. */
const rounding = 1e-6;

type State = {
  x: Tensor4D;
  y: Tensor1D;
  aim: Tensor1D;
  at: Tensor4D;
  gradient: Tensor4D;
  best: Tensor4D;
  bestGradient: Tensor4D;
  adversarial: Tensor4D;
  /** From here on [n], numbers. */
  bestLoss: Tensor1D;
  size: Tensor1D;
  share: Tensor1D;
  changed: Tensor1D;
  fallen: Tensor1D;
} & NamedTensors;

/** What a step is told: the radius; whether it enters a smaller ball instead of walking; whether the step size is looked at. */
type Told = { radius: number; enters: number; check: number };

/** Radii and steps: 3 eps, 2 eps and eps for .3, .3 and .4 of the steps. A smaller ball is entered by a step of its own. */
export function l1Schedule({ eps, steps, wideStart }: Pick<ApgdL1Plan, 'eps' | 'steps' | 'wideStart'>): Told[] {
  const share = Math.ceil(0.3 * steps);
  const phases = wideStart
    ? ([
        [3, share],
        [2, share],
        [1, Math.max(0, steps - 2 * share)],
      ] as const)
    : ([[1, steps]] as const);
  return phases.flatMap(([times, count], phase) => {
    const radius = times * eps;
    const interval = Math.max(Math.floor(0.04 * count), 1);
    const walked = Array.from({ length: count }, (_, i) => ({
      radius,
      enters: 0,
      check: (i + 1) % interval === 0 ? 1 : 0,
    }));
    return phase === 0 ? walked : [{ radius, enters: 1, check: 0 }, ...walked];
  });
}

export function apgdL1Walk(plan: ApgdL1Plan): Walk<State> {
  const { eps, rounds, aims, wideStart } = plan;
  const schedule = l1Schedule(plan);
  const last: Told = { radius: eps, enters: 0, check: 0 };
  return {
    rounds,
    steps: schedule.length,
    start(model, x, y, round, random) {
      const clean = model.logits(x);
      const aim = aims(clean, y, round);
      const at = within(x, random.normal(x.shape) as Tensor4D, schedule[0]?.radius ?? eps);
      const { value, gradient, wrong } = look(plan, model, at, y, aim);
      const lost = isWrong(clean, y);
      const entries = x.size / x.shape[0];
      const changed = wideStart ? differing(x, at) : tf.fill<tf.Rank.R1>([x.shape[0]], entries);
      return {
        x: tf.clone(x),
        y: tf.clone(y),
        aim,
        at,
        gradient,
        best: tf.clone(at),
        bestGradient: tf.clone(gradient),
        adversarial: choose(lost, x, at),
        bestLoss: value,
        size: tf.fill<tf.Rank.R1>([x.shape[0]], schedule[0]?.radius ?? eps),
        share: wideStart ? shareOf(changed, entries) : tf.fill<tf.Rank.R1>([x.shape[0]], firstShare),
        changed,
        fallen: wideStart ? lost : tf.maximum<Tensor1D>(wrong, lost),
      };
    },
    numbers: (k) => {
      const told = schedule[k] ?? last;
      return { ...told, counts: told.radius === eps ? 1 : 0 };
    },
    step(model, state, { radius, enters, check, counts }) {
      if (!radius || !enters || !check || !counts)
        throw new Error('APGD in l1 is told radius, enters, check and counts');
      const { x, y, aim, share } = state;
      const entering = tf.mul<Tensor1D>(tf.onesLike(share), enters);
      const walked = tf.add<Tensor4D>(state.at, sparseStep(state.gradient, share, state.size));
      const next = within(x, tf.sub(choose(entering, state.best, walked), x), radius);
      const { value, gradient, wrong } = look(plan, model, next, y, aim);

      const better = tf.maximum<Tensor1D>(asFlag(tf.greater(value, state.bestLoss)), entering);
      const best = choose(better, next, state.best);
      const bestGradient = choose(better, gradient, state.bestGradient);
      const looked = tf.maximum<Tensor1D>(entering, tf.mul(tf.onesLike(share), check));
      const changed = differing(x, best);
      const sparse = asFlag(tf.less(tf.div(changed, state.changed), falling));
      const again = tf.maximum<Tensor1D>(sparse, entering);
      const resized = tf.where(tf.greater(again, 0), radius, tf.div(state.size, shrink));
      const bounded = tf.minimum<Tensor1D>(tf.maximum(resized, tf.mul(radius, smallest)), radius);
      const back = tf.mul<Tensor1D>(looked, sparse);
      const found = tf.mul<Tensor1D>(wrong, counts);
      const ifLooked = (yes: Tensor1D, no: Tensor1D): Tensor1D => tf.where(tf.greater(looked, 0), yes, no);
      return {
        x,
        y,
        aim,
        at: choose(back, best, next),
        gradient: choose(back, bestGradient, gradient),
        best,
        bestGradient,
        adversarial: choose(found, next, state.adversarial),
        bestLoss: tf.where<Tensor1D>(tf.greater(better, 0), value, state.bestLoss),
        size: ifLooked(bounded, state.size),
        share: ifLooked(shareOf(changed, x.size / x.shape[0]), share),
        changed: ifLooked(changed, state.changed),
        fallen: tf.maximum<Tensor1D>(state.fallen, found),
      };
    },
    at: ({ at }) => at,
    reached: ({ x, adversarial, fallen }) => choose(fallen, adversarial, x),
    fallen: ({ fallen }) => tf.greater<Tensor1D>(fallen, 0),
  };
}

/** The point of the ball cut with [0,1] nearest to x + delta. */
const within = (x: Tensor4D, delta: Tensor4D, radius: Tensor | number): Tensor4D =>
  tf.tidy(() => tf.clipByValue(tf.add<Tensor4D>(x, nearestInL1(x, delta, radius)), 0, 1));

/** How many entries differ from those of x by more than rounding leaves, [n]. */
const differing = (x: Tensor4D, other: Tensor4D): Tensor1D =>
  tf.tidy(() => tf.sum<Tensor1D>(tf.cast(tf.greater(tf.abs(tf.sub(other, x)), rounding), 'float32'), exampleAxes));

/** Written as the authors do: rounding decides where it is a whole number of entries. */
const shareOf = (changed: Tensor1D, entries: number): Tensor1D => tf.div(tf.div(changed, entries), sparser);

/** A step of l1 norm `size` [n] along the signs of this share [n] of the gradient's entries, the largest; ties move together. */
function sparseStep(gradient: Tensor4D, share: Tensor1D, size: Tensor1D): Tensor4D {
  const n = gradient.shape[0];
  const entries = gradient.size / n;
  const strength = tf.abs(gradient);
  const ranked = tf.topk(tf.reshape(strength, [n, entries]), entries).values;
  const index = tf.clipByValue(tf.floor(tf.mul(tf.sub(1, share), entries)), 0, entries - 1);
  const place = tf.reshape(tf.sub(entries - 1, index), [n, 1]);
  const least = tf.sum(tf.mul(ranked, tf.cast(tf.equal(tf.range(0, entries), place), 'float32')), 1);
  const moves = tf.mul(tf.sign(gradient), tf.cast(tf.greaterEqual(strength, column(least)), 'float32'));
  const count = tf.add(tf.sum(tf.abs(moves), exampleAxes, true), 1e-10);
  return tf.mul<Tensor4D>(moves, tf.div(column(size), count));
}
