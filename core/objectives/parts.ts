/** Pieces that objectives share: the inner attack with its options, cross-entropy training at given points, mean energies to monitor. */
import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { pgd } from '../attacks/pgd';
import { crossEntropy, jointEnergy, marginalEnergy } from '../energy/energy';
import type { Random } from '../engine/engine';
import { type Values, choice, count, distance, flag, resolve } from '../lib/options';
import type { Classifier } from '../models/model';
import type { Loss } from './objective';

type InnerLoss = 'ce' | 'joint' | 'marginal' | 'kl';

/** Options of the attack inside a training step. */
export const innerAttack = (steps: number, loss: InnerLoss, step: string | number) => ({
  norm: choice(['linf', 'l2'], 'linf', 'Norm of the ball that x~ keeps to.'),
  eps: distance('8/255', 'Radius of the ball.'),
  inner: choice(
    ['ce', 'joint', 'marginal', 'kl'],
    loss,
    'What the inner attack climbs: CE, E(x,y), E(x), or KL to the clean prediction.',
  ),
  innerStep: distance(step, 'Step size of the inner attack.'),
  innerSteps: count(steps, 'Steps of the inner attack.', { min: 1, unit: 'steps' }),
  randomStart: flag(true, 'Start at a random point of the ball.'),
});

/** x~ [n, h, w, c]: where the inner attack ends, found with the model's evaluation mode and no gradient in its weights. */
export function innerPoint(
  model: Classifier,
  x: Tensor4D,
  y: Tensor1D,
  options: Values<ReturnType<typeof innerAttack>>,
  random: Random,
): Tensor4D {
  const { norm, eps, inner, innerStep, innerSteps, randomStart } = options;
  const attack = resolve(
    pgd.options,
    { norm, eps, loss: inner, step: innerStep, steps: innerSteps, randomStart },
    'pgd',
  );
  return pgd.run(model, x, y, attack, random.fork('attack'));
}

export const mean = (values: Tensor1D): Scalar => tf.mean<Scalar>(values);

/** Mean CE at the logits, and the mean energies there under the given name. */
export function crossEntropyLoss(logits: Tensor2D, y: Tensor1D, at: 'clean' | 'adversarial' | 'noisy'): Loss {
  const loss = mean(crossEntropy(logits, y));
  return {
    loss,
    terms: { ce: loss, [`energy.${at}`]: mean(marginalEnergy(logits)), [`joint.${at}`]: mean(jointEnergy(logits, y)) },
  };
}
