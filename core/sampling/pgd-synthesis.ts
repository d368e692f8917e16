/**
 * Synthesis with a robust classifier (Santurkar et al. 2019): steps of fixed L2 length down an energy, inside the L2 ball round the
 * start, clipped to [0,1]; no noise:  x <- clip(P(x - step * g / ||g||_2)).
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { crossEntropy, gradientInX } from '../energy/energy';
import { limitL2, unitL2 } from '../energy/geometry';
import { AppError } from '../lib/errors';
import { choice, distance } from '../lib/options';
import { energyOf } from './energy-of';
import { defineSampler } from './sampler';
import { clipOption } from './sgld';

export const pgdSynthesis = defineSampler({
  id: 'pgd-synthesis',
  title: 'PGD synthesis',
  summary: 'Steps of fixed length down the energy, in a ball round the start.',
  reference: 'arXiv 1906.09453; constants of its CIFAR-10 code',
  options: {
    objective: choice(['joint', 'ce'], 'joint', 'E(x,y), or CE = E(x,y) - E(x); without labels always E(x).'),
    step: distance(0.5, 'L2 length of a step.'),
    eps: distance(30, 'L2 radius of the ball round the start.'),
    clip: clipOption,
  },
  step: (model, { x }, y, start, { objective, step, eps, clip }) => ({
    x: tf.tidy(() => {
      if (objective === 'ce' && !y) throw new AppError('BAD_OPTION', 'Descending CE needs a class for every image.');
      const value = objective === 'ce' && y ? (logits: Tensor2D) => crossEntropy(logits, y) : energyOf(y);
      const moved = tf.sub<Tensor4D>(x, tf.mul(unitL2(gradientInX(model, x, value)), step));
      const inside = tf.add<Tensor4D>(start, limitL2(tf.sub(moved, start), eps));
      return clip ? tf.clipByValue(inside, 0, 1) : inside;
    }),
  }),
});
