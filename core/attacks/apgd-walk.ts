/**
 * Auto-PGD (Croce & Hein 2020, algorithm 1): steps with momentum whose size is halved at checkpoints when the loss has stopped rising,
 *   z = P(x_k + eta * sign g),   x_{k+1} = P(x_k + a (z - x_k) + (1 - a) (x_k - x_{k-1})),   a = 1 at first, then .75.
 * Checkpoints come after 22 % of the steps and then ever sooner, down to 6 %. The counts begin with a loss of 0, as in the authors' code.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import type { NamedTensors, Random } from '../engine/engine';
import type { ApgdGeometry } from './apgd-geometry';
import { type ApgdTask, look } from './apgd-look';
import { asFlag, choose, column, isWrong } from './rows';
import type { Walk } from './walk';

export interface ApgdPlan extends ApgdTask {
  readonly rho: number;
  readonly geometry: ApgdGeometry;
}

type State = {
  x: Tensor4D;
  y: Tensor1D;
  aim: Tensor1D;
  at: Tensor4D;
  before: Tensor4D;
  gradient: Tensor4D;
  best: Tensor4D;
  bestGradient: Tensor4D;
  adversarial: Tensor4D;
  /** From here on [n], numbers; flags are 0 and 1. */
  bestLoss: Tensor1D;
  lastLoss: Tensor1D;
  rises: Tensor1D;
  size: Tensor1D;
  checkedLoss: Tensor1D;
  halved: Tensor1D;
  fallen: Tensor1D;
} & NamedTensors;

/** Whether there is a checkpoint after step k (from 0), and how many steps its interval had. */
export function checkpoints(steps: number): Map<number, number> {
  const share = (of: number) => Math.max(1, Math.floor(of * steps));
  const found = new Map<number, number>();
  let interval = share(0.22);
  for (let k = interval - 1; k < steps; k += interval) {
    found.set(k, interval);
    interval = Math.max(interval - share(0.03), share(0.06));
  }
  return found;
}

export function apgdWalk(plan: ApgdPlan): Walk<State> {
  const { eps, steps, rounds, rho, geometry, aims } = plan;
  const checks = checkpoints(steps);

  return {
    rounds,
    steps,
    start(model, x, y, round, random: Random) {
      const clean = model.logits(x);
      const aim = aims(clean, y, round);
      const at = geometry.start(x, eps, random);
      const { value, gradient, wrong } = look(plan, model, at, y, aim);
      const lost = isWrong(clean, y);
      const ones = tf.onesLike(value);
      const zeros = tf.zerosLike(value);
      return {
        x: tf.clone(x),
        y: tf.clone(y),
        aim,
        at,
        before: tf.clone(at),
        gradient,
        best: tf.clone(at),
        bestGradient: tf.clone(gradient),
        adversarial: choose(lost, x, at),
        bestLoss: value,
        lastLoss: zeros,
        rises: tf.clone(zeros),
        size: tf.mul<Tensor1D>(ones, 2 * eps),
        checkedLoss: tf.clone(value),
        halved: ones,
        fallen: tf.maximum<Tensor1D>(wrong, lost),
      };
    },
    numbers: (k) => ({
      momentum: k === 0 ? 0 : 0.25,
      check: checks.has(k) ? 1 : 0,
      enough: rho * (checks.get(k) ?? 0),
    }),
    step(model, state, { momentum, check, enough }) {
      if (!momentum || !check || !enough) throw new Error('APGD is told momentum, check and enough');
      const { x, y, aim, at, before, size } = state;
      const drift = tf.sub<Tensor4D>(at, before);
      const target = geometry.step(x, at, state.gradient, column(size), eps);
      const moved = tf.add(tf.add(at, tf.mul(tf.sub(target, at), tf.sub(1, momentum))), tf.mul(drift, momentum));
      const next = geometry.project(x, moved as Tensor4D, eps);
      const { value, gradient, wrong } = look(plan, model, next, y, aim);

      const better = asFlag(tf.greater(value, state.bestLoss));
      const best = choose(better, next, state.best);
      const bestGradient = choose(better, gradient, state.bestGradient);
      const bestLoss = tf.maximum<Tensor1D>(value, state.bestLoss);
      const rises = tf.add<Tensor1D>(state.rises, asFlag(tf.greater(value, state.lastLoss)));
      const oscillates = asFlag(tf.lessEqual(rises, enough));
      const stuck = tf.mul<Tensor1D>(
        tf.sub<Tensor1D>(1, state.halved),
        asFlag(tf.greaterEqual(state.checkedLoss, bestLoss)),
      );
      const halve = tf.mul<Tensor1D>(tf.maximum<Tensor1D>(oscillates, stuck), check);
      const checked = tf.mul<Tensor1D>(tf.onesLike(halve), check);
      return {
        x,
        y,
        aim,
        at: choose(halve, best, next),
        before: at,
        gradient: choose(halve, bestGradient, gradient),
        best,
        bestGradient,
        adversarial: choose(wrong, next, state.adversarial),
        bestLoss,
        lastLoss: value,
        rises: tf.mul<Tensor1D>(rises, tf.sub(1, checked)),
        size: tf.div<Tensor1D>(size, tf.add(1, halve)),
        checkedLoss: tf.where<Tensor1D>(tf.greater(checked, 0), bestLoss, state.checkedLoss),
        halved: tf.where<Tensor1D>(tf.greater(checked, 0), halve, state.halved),
        fallen: tf.maximum<Tensor1D>(state.fallen, wrong),
      };
    },
    at: ({ at }) => at,
    reached: ({ x, adversarial, fallen }) => choose(fallen, adversarial, x),
    fallen: ({ fallen }) => tf.greater<Tensor1D>(fallen, 0),
  };
}
