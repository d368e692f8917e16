/**
 * Square attack (Andriushchenko et al. 2020): queries only, no gradients. A square window of the image is changed at random, and kept
 * where the margin z_y - max_{i != y} z_i falls. The window shrinks by a fixed schedule, and is the same for all images of a batch.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type { NamedTensors, Random } from '../engine/engine';
import { count, real } from '../lib/options';
import type { Classifier } from '../models/model';
import { anyBallOptions } from './climb';
import type { BallNorm } from './perturb';
import { column } from './rows';
import { squareL1 } from './square-l1';
import { squareL2 } from './square-l2';
import { squareLinf } from './square-linf';
import { type Walk, defineWalk } from './walk';

/** What a norm changes: x and best [n, h, w, c]; side is a scalar. */
export interface SquareMoves {
  start(x: Tensor4D, eps: number, random: Random): Tensor4D;
  propose(x: Tensor4D, best: Tensor4D, side: Tensor, eps: number, random: Random): Tensor4D;
  /** The side of the window for a share p of the image's area. */
  side(area: number): number;
}

const moves: Readonly<Record<BallNorm, SquareMoves>> = { linf: squareLinf, l2: squareL2, l1: squareL1 };

/** Queries after which the share of the image that the window covers is halved once more. */
const halvings = [10, 50, 200, 500, 1000, 2000, 4000, 6000, 8000];

/** The share of the image at query k (from 0), from `first` on. */
export const windowShare = (k: number, first: number): number =>
  first / 2 ** halvings.filter((after) => k > after).length;

type State = { x: Tensor4D; y: Tensor1D; best: Tensor4D; margin: Tensor1D } & NamedTensors;

export const square = defineWalk({
  id: 'square',
  title: 'Square',
  summary: 'Random squares, kept where the margin falls; needs no gradient.',
  reference: 'arXiv 1912.00049',
  options: {
    ...anyBallOptions,
    steps: count(5000, 'Queries of a restart.', { min: 1, max: 1_000_000, unit: 'queries' }),
    restarts: count(1, 'Restarts, each on the images that still stand.', { min: 1, max: 1000 }),
    share: real(0.8, 'Share of the image that the first windows cover.', { min: 0, max: 1 }),
  },
  walk({ norm, eps, steps, restarts, share }, { inputShape: [height, width] }): Walk<State> {
    const { start, propose, side } = moves[norm];
    return {
      rounds: restarts,
      steps,
      start(model, x, y, _round, random) {
        const clean = marginOf(model, x, y);
        // what is wrong already needs no query
        const first = tf.where<Tensor4D>(column(tf.greater(clean, 0)), start(x, eps, random), x);
        const margin = tf.minimum<Tensor1D>(marginOf(model, first, y), tf.where(tf.greater(clean, 0), Infinity, clean));
        return { x: tf.clone(x), y: tf.clone(y), best: first, margin };
      },
      numbers: (k) => ({ side: Math.min(side(windowShare(k, share) * height * width), height, width) }),
      step(model, { x, y, best, margin }, { side: fed }, random) {
        if (!fed) throw new Error('Square is told the side of its window');
        const proposed = propose(x, best, fed, eps, random);
        const found = marginOf(model, proposed, y);
        const better = tf.logicalAnd(tf.greater(margin, 0), tf.less(found, margin));
        return {
          x,
          y,
          best: tf.where<Tensor4D>(column(better), proposed, best),
          margin: tf.where<Tensor1D>(better, found, margin),
        };
      },
      at: ({ best }) => best,
      reached: ({ x, best, margin }) => tf.where<Tensor4D>(column(tf.greater(margin, 0)), x, best),
      fallen: ({ margin }) => tf.lessEqual<Tensor1D>(margin, 0),
    };
  },
});

/** z_y - max_{i != y} z_i [n]. */
const marginOf = (model: Classifier, x: Tensor4D, y: Tensor1D): Tensor1D =>
  tf.tidy(() => {
    const logits: Tensor2D = model.logits(x);
    const label = tf.oneHot(y, logits.shape[1]);
    const others = tf.max<Tensor1D>(tf.sub(logits, tf.mul(label, 1e9)), 1);
    return tf.sub<Tensor1D>(tf.sum(tf.mul(logits, label), 1), others);
  });
