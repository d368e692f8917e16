/**
 * Joint Energy Adversarial Training (Zhu et al. 2021; reconstruction, since no code was published). Per batch:
 *   x~ = the point of highest E(x,y) in the ball round x           (inner attack; one step from a random start by default)
 *   x- = the end of an SGLD chain on E(x) from a replay buffer     (Grathwohl et al. 2020)
 *   plain:   L = CE(x~) + w [E(x~) - E(x-)] + r [E(x~)^2 + E(x-)^2]
 *   bounded: L = CE(x~) + w [softplus(E(x~)) + softplus(-E(x-))] + r [...]   (as DAT, ICLR 2026; cannot run away)
 * With equal weights the plain form is E(x~,y) - E(x-): contrastive divergence on the joint with adversarial positives.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Scalar } from '@tensorflow/tfjs-core';
import { marginalEnergy } from '../energy/energy';
import { choice, count, distance, flag, real, resolve } from '../lib/options';
import { sgld } from '../sampling/sgld';
import { defineObjective } from './objective';
import { crossEntropyLoss, innerAttack, innerPoint, mean } from './parts';

export const jeat = defineObjective({
  id: 'jeat',
  title: 'JEAT',
  summary: 'Low joint energy at adversarial points, high energy where the sampler goes.',
  reference: 'arXiv 2108.09093, section 4 (reconstruction)',
  options: {
    ...innerAttack(1, 'joint', '8/255'),
    form: choice(['plain', 'bounded'], 'plain', 'Plain contrastive term, or softplus of both energies.'),
    classifierWeight: real(1, 'Weight of CE(x~).', { min: 0 }),
    energyWeight: real(1, 'Weight of the contrastive term.', { min: 0 }),
    energyL2: real(0.001, 'Weight of the squared energies: keeps them from drifting.', { min: 0 }),
    sgldSteps: count(10, 'SGLD steps a batch.', { min: 1, unit: 'steps' }),
    sgldStep: distance(0.25, 'Coefficient of the gradient in an SGLD step.'),
    sgldNoise: distance(0.005, 'Standard deviation of the noise in an SGLD step.'),
    conditional: flag(false, 'Sample from E(x,y) with random labels instead of E(x).'),
    negatives: count(32, 'Chains moved a batch.', { min: 1, max: 4096, unit: 'images' }),
    bufferSize: count(2000, 'Chains kept in the replay buffer.', { min: 1, max: 100_000, unit: 'images' }),
    reinit: real(0.05, 'Probability that a chain starts afresh.', { min: 0, max: 1 }),
    start: choice(['uniform', 'class-gaussian'], 'uniform', 'Where fresh chains start.'),
  },
  plan: ({ negatives, bufferSize, reinit, start }) => ({ chains: negatives, bufferSize, reinit, start }),
  points(model, { x, y, chains }, options, random) {
    const adversarial = innerPoint(model, x, y, options, random);
    if (!chains) throw new Error('JEAT needs chains: the trainer draws them by the plan');
    const steps = resolve(sgld.options, { step: options.sgldStep, noise: options.sgldNoise }, 'sgld');
    const samples = tf.tidy(() => {
      let at = { x: chains.x };
      for (let k = 0; k < options.sgldSteps; k++) {
        at = sgld.step(
          model,
          at,
          options.conditional ? chains.y : undefined,
          chains.x,
          steps,
          random.fork('sgld').fork(k),
        );
      }
      return at.x;
    });
    return { adversarial, samples };
  },
  loss(model, { x, y }, { adversarial = x, samples }, { form, classifierWeight, energyWeight, energyL2 }) {
    if (!samples) throw new Error('JEAT needs samples');
    const logits = model.logits(adversarial);
    const { loss: ce, terms } = crossEntropyLoss(logits, y, 'adversarial');
    const positive = marginalEnergy(logits);
    const negative = marginalEnergy(model.logits(samples));
    const contrast =
      form === 'plain'
        ? tf.sub<Scalar>(mean(positive), mean(negative))
        : tf.add<Scalar>(mean(tf.softplus(positive)), mean(tf.softplus(tf.neg(negative))));
    const squares = tf.add<Scalar>(mean(tf.square(positive)), mean(tf.square(negative)));
    const loss = tf.add<Scalar>(
      tf.mul(ce, classifierWeight),
      tf.add(tf.mul(contrast, energyWeight), tf.mul(squares, energyL2)),
    );
    return { loss, terms: { ...terms, contrast, 'energy.generated': mean(negative) } };
  },
});
