/**
 * High-energy PGD (after Beadini & Masi 2023): untargeted attacks lower E(x), which gives them away; this one climbs
 *   CE(x',y) - weight * |E(x') - E(x)|
 * so that E(x') stays at its natural level. The published description gives the aim, not the formula: this is a reconstruction.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import { type PerExample, crossEntropy, marginalEnergy } from '../energy/energy';
import { real } from '../lib/options';
import type { Classifier } from '../models/model';
import { defineClimb, startOption, walkOptions } from './climb';
import { ascend, project } from './perturb';

/** The function it climbs, for clean images x and labels y. */
export function highEnergyLoss(model: Classifier, x: Tensor4D, y: Tensor1D, weight: number): PerExample {
  const natural = marginalEnergy(model.logits(x));
  return (logits) => {
    const drift = tf.abs(tf.sub(marginalEnergy(logits), natural));
    return tf.sub<Tensor1D>(crossEntropy(logits, y), tf.mul(drift, weight));
  };
}

export const highEnergyPgd = defineClimb({
  id: 'high-energy-pgd',
  title: 'High-energy PGD',
  summary: 'PGD on CE that keeps E(x) at its natural level.',
  reference: 'Beadini & Masi 2023 (reconstruction)',
  options: {
    ...walkOptions,
    randomStart: startOption(true),
    weight: real(1, 'Weight of the change of E(x).', { min: 0 }),
  },
  climbing: (model, x, y, options) => {
    const { norm, eps, step, weight } = options;
    return {
      ...options,
      targeted: false,
      value: highEnergyLoss(model, x, y, weight),
      move: (at, gradient) => ({ at: project(x, ascend(at, gradient, norm, step), norm, eps) }),
    };
  },
});
