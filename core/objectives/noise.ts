/**
 * Noise injection (Zhu et al. 2021, section 5): noise also finds points of higher energy, a blind adversarial training that needs a
 * larger magnitude, and gives a natural classifier some generative ability.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import { distance } from '../lib/options';
import { defineObjective } from './objective';
import { crossEntropyLoss } from './parts';

export const noise = defineObjective({
  id: 'noise',
  title: 'Noise injection',
  summary: 'Cross-entropy on images with Gaussian noise.',
  reference: 'arXiv 2108.09093',
  options: { sigma: distance(0.3, 'Standard deviation of the noise.') },
  points: (_model, { x }, { sigma }, random) => ({
    adversarial: tf.tidy(() => tf.clipByValue(tf.add<Tensor4D>(x, tf.mul(random.normal(x.shape), sigma)), 0, 1)),
  }),
  loss: (model, { x, y }, { adversarial = x }) => crossEntropyLoss(model.logits(adversarial), y, 'noisy'),
});
