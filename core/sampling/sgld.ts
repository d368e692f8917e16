/**
 * Stochastic gradient Langevin dynamics as JEM runs it (Grathwohl et al. 2020, eq. 3):
 *   x <- x - step * grad E + noise * n,  n ~ N(0, I).
 * True Langevin dynamics of size a has step = a / 2 and noise = sqrt(a); JEM's constants are far from it, so samples are not exact.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import { gradientInX } from '../energy/energy';
import { distance, flag, real } from '../lib/options';
import { energyOf } from './energy-of';
import { defineSampler } from './sampler';

export const clipOption = flag(true, 'Clip to [0,1] after every step.');

export const sgld = defineSampler({
  id: 'sgld',
  title: 'SGLD',
  summary: 'Gradient steps down the energy, with noise.',
  reference: 'arXiv 1912.03263, eq. 3',
  options: {
    step: real(0.25, 'Coefficient of the gradient: a/2 of Langevin dynamics.', { min: 0 }),
    noise: distance(0.005, 'Standard deviation of the noise.'),
    clip: clipOption,
  },
  step: (model, { x }, y, _start, { step, noise, clip }, random) => ({
    x: tf.tidy(() => {
      const descended = tf.sub<Tensor4D>(x, tf.mul(gradientInX(model, x, energyOf(y)), step));
      const moved = noise > 0 ? tf.add<Tensor4D>(descended, tf.mul(random.normal(x.shape), noise)) : descended;
      return clip ? tf.clipByValue(moved, 0, 1) : moved;
    }),
  }),
});
