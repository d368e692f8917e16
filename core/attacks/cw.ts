/**
 * The l2 attack of Carlini & Wagner (2017, section V.A): Adam on
 *   ||x' - x||^2 + c max(z_y - max_{i != y} z_i + confidence, 0),   x' = (tanh(w) + 1) / 2,
 * with a binary search of c for each image. As foolbox computes it, but without its early end for a whole batch, so that images do not
 * depend on those beside them.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import { exampleAxes } from '../energy/geometry';
import type { NamedTensors } from '../engine/engine';
import { choice, count, distance, real } from '../lib/options';
import type { Classifier } from '../models/model';
import { type MinimalWalk, never } from './minimal';
import { column } from './rows';
import { defineWalk } from './walk';

type State = {
  x: Tensor4D;
  y: Tensor1D;
  /** What is added to atanh(2x - 1), with Adam's two means. */
  delta: Tensor4D;
  mean: Tensor4D;
  square: Tensor4D;
  best: Tensor4D;
  /** [n]: c and its bounds, whether this search found anything, the smallest size. */
  c: Tensor1D;
  low: Tensor1D;
  high: Tensor1D;
  found: Tensor1D;
  size: Tensor1D;
} & NamedTensors;

const [beta1, beta2, tiny] = [0.9, 0.999, 1e-8];

const pixels = (w: Tensor4D): Tensor4D => tf.mul<Tensor4D>(tf.add(tf.tanh(w), 1), 0.5);
/** atanh(2x - 1), a little inside so that 0 and 1 have one. */
const attackSpace = (x: Tensor4D): Tensor4D => tf.atanh(tf.mul<Tensor4D>(tf.sub<Tensor4D>(tf.mul(x, 2), 1), 0.999999));
const flags = (bools: Tensor): Tensor1D => tf.reshape(tf.cast(bools, 'float32'), [-1]);
const when = <T extends Tensor>(flag: Tensor1D, yes: T, no: T): T =>
  tf.where<T>(tf.greater(yes.rank === 4 ? column(flag) : flag, 0), yes, no);

/** z_y - max_{i != y} z_i [n]. */
function margin(model: Classifier, x: Tensor4D, y: Tensor1D): Tensor1D {
  const logits = model.logits(x);
  const label = tf.oneHot(y, logits.shape[1]);
  const others = tf.max(tf.sub(logits, tf.mul(label, 1e9)), 1);
  return tf.sub<Tensor1D>(tf.sum(tf.mul(logits, label), 1), others);
}

export const cw = defineWalk({
  id: 'cw',
  title: 'CW',
  summary: 'Adam on the size of the perturbation and the margin, weighed by a binary search.',
  reference: 'arXiv 1608.04644',
  options: {
    norm: choice(['l2'], 'l2', 'Norm of the ball.'),
    eps: distance(0.5, 'Radius of the ball.'),
    steps: count(1000, 'Steps of Adam for each weight.', { min: 1, max: 100_000, unit: 'steps' }),
    search: count(9, 'Weights that are tried.', { min: 1, max: 30 }),
    rate: real(0.01, 'Step size of Adam.', { min: 0, max: 10 }),
    weight: real(0.001, 'First weight c of the margin.', { min: 1e-12, max: 1e10 }),
    confidence: real(0, 'By how much another logit must win.', { min: 0, max: 1e6 }),
  },
  walk: ({ eps, steps, search, rate, weight, confidence }): MinimalWalk<State> => ({
    rounds: 1,
    steps: steps * search,
    start(model, x, y) {
      const lost = flags(tf.lessEqual(margin(model, x, y), 0));
      const zeros = tf.zerosLike(lost);
      return {
        x: tf.clone(x),
        y: tf.clone(y),
        delta: tf.zerosLike(x),
        mean: tf.zerosLike(x),
        square: tf.zerosLike(x),
        best: tf.clone(x),
        c: tf.fill(zeros.shape, weight),
        low: zeros,
        high: tf.fill(zeros.shape, never),
        found: tf.clone(zeros),
        size: when(lost, zeros, tf.fill<tf.Rank.R1>(zeros.shape, never)),
      };
    },
    numbers: (k) => {
      const t = (k % steps) + 1;
      return { begins: k > 0 && t === 1 ? 1 : 0, first: 1 - beta1 ** t, second: 1 - beta2 ** t };
    },
    step(model, given, { begins, first, second }) {
      if (!begins || !first || !second) throw new Error('CW is told begins, first and second');
      const { x, y, best, size } = given;
      const { c, low, high, found } = nextWeight(given, begins);
      const kept = tf.sub(1, begins);
      const delta = tf.mul<Tensor4D>(given.delta, kept);
      const origin = attackSpace(x);
      const centre = pixels(origin);
      const now = pixels(tf.add(origin, delta));
      const gradient = tf.grad((d) => {
        const reached = pixels(tf.add(origin, d as Tensor4D));
        const short = tf.maximum(tf.add(margin(model, reached, y), confidence), 0);
        const squares = tf.sum(tf.square(tf.sub(reached, centre)), exampleAxes);
        return tf.sum(tf.add(squares, tf.mul(short, c)));
      })(delta) as Tensor4D;
      const mean = tf.add<Tensor4D>(tf.mul(tf.mul(given.mean, kept), beta1), tf.mul(gradient, 1 - beta1));
      const square = tf.add<Tensor4D>(
        tf.mul(tf.mul(given.square, kept), beta2),
        tf.mul(tf.square(gradient), 1 - beta2),
      );
      const move = tf.div(tf.div(mean, first), tf.add(tf.sqrt(tf.div(square, second)), tiny));
      const across = flags(tf.lessEqual(tf.add(margin(model, now, y), confidence), 0));
      const far = tf.reshape(tf.sqrt(tf.sum(tf.square(tf.sub(now, x)), exampleAxes)), [-1]) as Tensor1D;
      const nearer = tf.mul<Tensor1D>(across, flags(tf.less(far, size)));
      return {
        ...{ x, y, c, low, high, mean, square },
        delta: tf.sub<Tensor4D>(delta, tf.mul(move, rate)),
        best: when(nearer, now, best),
        found: tf.maximum<Tensor1D>(found, across),
        size: when(nearer, far, size),
      };
    },
    at: ({ x, delta }) => pixels(tf.add(attackSpace(x), delta)),
    reached: ({ x, best, size }) => tf.where<Tensor4D>(column(tf.lessEqual(size, eps)), best, x),
    fallen: ({ size }) => tf.lessEqual<Tensor1D>(size, eps),
    found: ({ best, size }) => ({ images: best, sizes: size }),
  }),
});

/** Where a search of c begins: bounds from what the last one found, and the c between them, or ten times as much. */
function nextWeight({ c, low, high, found }: State, begins: Tensor) {
  const ended = tf.mul<Tensor1D>(tf.onesLike(c), begins);
  const upper = when(tf.mul<Tensor1D>(ended, found), c, high);
  const lower = when(tf.mul<Tensor1D>(ended, tf.sub(1, found)), c, low);
  const open = flags(tf.greaterEqual(upper, never));
  const next = when(open, tf.mul<Tensor1D>(c, 10), tf.mul<Tensor1D>(tf.add(lower, upper), 0.5));
  return {
    c: when(ended, next, c),
    low: lower,
    high: upper,
    found: tf.mul<Tensor1D>(found, tf.sub(1, ended)),
  };
}
