/**
 * What an attack climbs, per example, as functions of the logits: CE, the energies (Zhu et al. 2021, eq. for delta*), KL to the
 * clean prediction (Zhang et al. 2019) and the difference-of-logits ratio (Croce & Hein 2020, eq. 6).
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { type PerExample, crossEntropy, jointEnergy, marginalEnergy } from '../energy/energy';
import { AppError } from '../lib/errors';
import { Registry } from '../lib/registry';
import type { Classifier } from '../models/model';

export interface AttackLoss {
  readonly id: LossId;
  readonly title: string;
  /** Depends on the label: only then can an attack be targeted. */
  readonly labelled: boolean;
  /** Flat at the clean image, so it needs a random start. */
  readonly flatAtStart: boolean;
  /** The value as a function of the logits at x', for clean images x [n, h, w, c] and labels y int32 [n]. */
  prepare(model: Classifier, x: Tensor4D, y: Tensor1D): PerExample;
}

export const lossIds = ['ce', 'joint', 'marginal', 'kl', 'dlr'] as const;
export type LossId = (typeof lossIds)[number];

/** KL(p(.|clean) || p(.|adversarial)) [n]. */
export const klToClean = (logits: Tensor2D, clean: Tensor2D): Tensor1D =>
  tf.tidy(() => {
    const logClean = tf.logSoftmax(clean);
    return tf.sum<Tensor1D>(tf.mul(tf.exp(logClean), tf.sub(logClean, tf.logSoftmax(logits))), 1);
  });

/** -(z_y - max_{i != y} z_i) / (z_(1) - z_(3) + 1e-12) [n]; at least three classes. */
export const dlr = (logits: Tensor2D, y: Tensor1D): Tensor1D =>
  tf.tidy(() => {
    const classes = logits.shape[1];
    if (classes < 3)
      throw new AppError('BAD_OPTION', `The DLR loss needs at least 3 classes; this model has ${classes}.`);
    const largestOutside = (taken: Tensor) => tf.oneHot(tf.argMax(tf.sub(logits, tf.mul(taken, 1e9)), 1), classes);
    const pick = (which: Tensor) => tf.sum(tf.mul(logits, which), 1);
    const label = tf.oneHot(y, classes);
    const first = largestOutside(tf.zerosLike(logits));
    const second = largestOutside(first);
    const third = largestOutside(tf.add(first, second));
    const margin = tf.sub(pick(label), pick(largestOutside(label)));
    return tf.neg(tf.div<Tensor1D>(margin, tf.add(tf.sub(pick(first), pick(third)), 1e-12)));
  });

const onLabels = (id: LossId, title: string, value: (logits: Tensor2D, y: Tensor1D) => Tensor1D): AttackLoss => ({
  id,
  title,
  labelled: true,
  flatAtStart: false,
  prepare: (_model, _x, y) => (logits) => value(logits, y),
});

export const lossRegistry = new Registry<AttackLoss>('attack loss', [
  onLabels('ce', 'Cross-entropy E(x,y) - E(x)', crossEntropy),
  onLabels('joint', 'Joint energy E(x,y)', jointEnergy),
  onLabels('dlr', 'Difference of logits ratio', dlr),
  {
    id: 'marginal',
    title: 'Marginal energy E(x)',
    labelled: false,
    flatAtStart: false,
    prepare: () => marginalEnergy,
  },
  {
    id: 'kl',
    title: 'KL to the clean prediction',
    labelled: false,
    flatAtStart: true,
    prepare(model, x) {
      const clean = model.logits(x);
      return (logits) => klToClean(logits, clean);
    },
  },
]);

/**
 * The function of the logits that an attack with this loss climbs; call it in a tidy. Targeted, y is the wanted class and the loss
 * is climbed down.
 * @throws AppError BAD_OPTION for a targeted attack on a loss without labels, or a loss flat at x without a random start.
 */
export function climbed(
  model: Classifier,
  x: Tensor4D,
  y: Tensor1D,
  { loss: id, targeted, randomStart }: { loss: LossId; targeted: boolean; randomStart: boolean },
): PerExample {
  const loss = lossRegistry.get(id);
  if (targeted && !loss.labelled)
    throw new AppError('BAD_OPTION', `The loss '${id}' has no label to target.`, "Use 'ce', 'joint' or 'dlr'.");
  if (loss.flatAtStart && !randomStart)
    throw new AppError('BAD_OPTION', `The loss '${id}' is flat at the clean image.`, 'Turn the random start on.');
  const value = loss.prepare(model, x, y);
  return targeted ? (logits) => tf.neg(value(logits)) : value;
}
