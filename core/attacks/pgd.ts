/**
 * Projected gradient descent (Madry et al. 2018, eq. 2.1) on any per-example loss:
 *   x <- P(x + step * sign(g))  for linf,  x <- P(x + step * g / ||g||)  for l2.
 */
import { defineClimb, lossOptions, startOption, walkOptions } from './climb';
import { climbed } from './losses';
import { ascend, project } from './perturb';

export const pgd = defineClimb({
  id: 'pgd',
  title: 'PGD',
  summary: 'Gradient steps on a loss, projected to the ball.',
  reference: 'arXiv 1706.06083',
  options: { ...walkOptions, randomStart: startOption(true), ...lossOptions },
  climbing: (model, x, y, options) => ({
    ...options,
    value: climbed(model, x, y, options),
    move: (at, gradient) => ({
      at: project(x, ascend(at, gradient, options.norm, options.step), options.norm, options.eps),
    }),
  }),
});
