/**
 * DeepFool (Moosavi-Dezfooli et al. 2016, algorithm 2): steps to the nearest linearised boundary until one leads across; the sum of the
 * steps is lengthened by an overshoot. As foolbox computes it, with its constants against division by zero.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import type { NamedTensors } from '../engine/engine';
import { count, real } from '../lib/options';
import { ballOptions } from './climb';
import { type MinimalWalk, never } from './minimal';
import { perturbationSize } from './perturb';
import { dualNorm, nearestPlane } from './planes';
import { column, isWrong } from './rows';
import { defineWalk } from './walk';

type State = { x: Tensor4D; y: Tensor1D; at: Tensor4D; total: Tensor4D; across: Tensor1D } & NamedTensors;

export const deepfool = defineWalk({
  id: 'deepfool',
  title: 'DeepFool',
  summary: 'The shortest steps across the nearest linearised boundary.',
  reference: 'arXiv 1511.04599',
  options: {
    ...ballOptions,
    steps: count(50, 'Steps at most.', { min: 1, max: 100_000, unit: 'steps' }),
    overshoot: real(0.02, 'By how much the sum of the steps is lengthened.', { min: 0, max: 10 }),
  },
  walk: ({ norm, eps, steps, overshoot }): MinimalWalk<State> => {
    const sizes = ({ x, at, across }: State): Tensor1D =>
      tf.where<Tensor1D>(tf.greater(across, 0), perturbationSize(x, at, norm), never);
    return {
      rounds: 1,
      steps,
      start: (model, x, y) => ({
        x: tf.clone(x),
        y: tf.clone(y),
        at: tf.clone(x),
        total: tf.zerosLike(x),
        across: isWrong(model.logits(x), y),
      }),
      numbers: () => ({}),
      step(model, { x, y, at, total, across }) {
        const { gap, w } = nearestPlane(model, at, y, norm);
        const dual = tf.add<Tensor4D>(dualNorm(w, norm), 1e-8);
        const way = tf.add(tf.div(tf.abs(gap), dual), 1e-4);
        const direction = norm === 'linf' ? tf.sign(w) : tf.div<Tensor4D>(w, dual);
        const going = column(tf.sub(1, across));
        const sum = tf.add<Tensor4D>(total, tf.mul(tf.mul(direction, way), going));
        const moved = tf.clipByValue(tf.add<Tensor4D>(x, tf.mul(sum, 1 + overshoot)), 0, 1);
        const next = tf.where<Tensor4D>(tf.greater(going, 0), moved, at);
        return { x, y, at: next, total: sum, across: isWrong(model.logits(next), y) };
      },
      at: ({ at }) => at,
      reached: (state) => tf.where<Tensor4D>(column(tf.lessEqual(sizes(state), eps)), state.at, state.x),
      fallen: (state) => tf.lessEqual<Tensor1D>(sizes(state), eps),
      found: (state) => ({ images: state.at, sizes: sizes(state) }),
    };
  },
});
