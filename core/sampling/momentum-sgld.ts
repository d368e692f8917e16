/**
 * Langevin dynamics with momentum, as WEAT generates (Mirza et al. 2024):
 *   v <- momentum * v - (step / 2) * grad E,   x <- clip(x + clamp(v + a * n, +-limit)),   n ~ N(0, noise^2 I),  a = sqrt(2 * step).
 * Momentum and limit are not given in the paper: their defaults are ours.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import { gradientInX } from '../energy/energy';
import { distance, real } from '../lib/options';
import { energyOf } from './energy-of';
import { defineSampler } from './sampler';
import { clipOption } from './sgld';

export const momentumSgld = defineSampler({
  id: 'momentum-sgld',
  title: 'Momentum SGLD',
  summary: 'Langevin steps along an accumulated gradient.',
  reference: 'arXiv 2407.06315',
  options: {
    step: real(0.8, 'Step size; half of it multiplies the gradient.', { min: 0 }),
    momentum: real(0.5, 'Share of the velocity that is kept.', { min: 0, max: 1 }),
    noise: distance(0.001, 'Standard deviation of the noise, before its factor sqrt(2 step).'),
    limit: distance('16/255', 'Largest move of a pixel in one step.'),
    clip: clipOption,
  },
  step: (model, { x, velocity: last }, y, _start, { step, momentum, noise, limit, clip }, random) =>
    tf.tidy(() => {
      const pull = tf.mul<Tensor4D>(gradientInX(model, x, energyOf(y)), -step / 2);
      const velocity = last ? tf.add<Tensor4D>(tf.mul(last, momentum), pull) : pull;
      const kick = noise > 0 ? tf.mul<Tensor4D>(random.normal(x.shape), noise * Math.sqrt(2 * step)) : 0;
      const moved = tf.add<Tensor4D>(x, tf.clipByValue(tf.add<Tensor4D>(velocity, kick), -limit, limit));
      return { x: clip ? tf.clipByValue<Tensor4D>(moved, 0, 1) : moved, velocity };
    }),
});
