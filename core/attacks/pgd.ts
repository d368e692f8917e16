/**
 * Projected gradient descent (Madry et al. 2018, eq. 2.1) on any per-example loss:
 *   x <- P(x + step * sign(g))  for linf,  x <- P(x + step * g / ||g||)  for l2.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import { defineAttack } from './attack';
import { climb, lossOptions, startOption, walkOptions } from './climb';
import { climbed } from './losses';
import { ascend, project } from './perturb';

export const pgd = defineAttack({
  id: 'pgd',
  title: 'PGD',
  summary: 'Gradient steps on a loss, projected to the ball.',
  reference: 'arXiv 1706.06083',
  options: { ...walkOptions, randomStart: startOption(true), ...lossOptions },
  run: (model, x, y, options, random) =>
    tf.tidy(() => {
      const { norm, eps, step } = options;
      const plan = {
        ...options,
        value: climbed(model, x, y, options),
        move: (at: Tensor4D, gradient: Tensor4D) => ({
          at: project(x, ascend(at, gradient, norm, step), norm, eps),
        }),
      };
      return climb(model, x, y, plan, random);
    }),
});
