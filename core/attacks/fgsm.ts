/**
 * Fast gradient sign method (Goodfellow et al. 2015), one step; with a random start it is FGSM-RS (Wong et al. 2020), whose usual
 * step is 1.25 eps.
 */
import { ballOptions, defineClimb, lossOptions, startOption } from './climb';
import { pgd } from './pgd';
import { real } from '../lib/options';

export const fgsm = defineClimb({
  id: 'fgsm',
  title: 'FGSM',
  summary: 'One gradient step, with or without a random start.',
  reference: 'arXiv 1412.6572; with random start arXiv 2001.03994',
  options: {
    ...ballOptions,
    reach: real(1, 'Step size in units of eps; 1.25 is usual with a random start.', { min: 0, max: 100 }),
    randomStart: startOption(false),
    ...lossOptions,
  },
  climbing: (model, x, y, { reach, ...options }) =>
    pgd.climbing(model, x, y, { ...options, step: reach * options.eps, steps: 1, restarts: 1 }),
});
