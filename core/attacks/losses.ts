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

/** The largest logits in order, each as a one-hot [n, k]: unlike a sort, what is picked with them has a gradient. */
function ranks(logits: Tensor2D, count: number): Tensor2D[] {
  const classes = logits.shape[1];
  const found: Tensor2D[] = [];
  let taken: Tensor = tf.zerosLike(logits);
  for (let i = 0; i < count; i++) {
    const next = largestOutside(logits, taken, classes);
    found.push(next);
    taken = tf.add(taken, next);
  }
  return found;
}
const largestOutside = (logits: Tensor2D, taken: Tensor, classes: number): Tensor2D =>
  tf.oneHot(tf.argMax(tf.sub(logits, tf.mul(taken, 1e9)), 1), classes) as Tensor2D;
const picked = (logits: Tensor2D, which: Tensor): Tensor1D => tf.sum(tf.mul(logits, which), 1);

function checkClasses(classes: number, needed: number): void {
  if (classes < needed)
    throw new AppError('BAD_OPTION', `The DLR loss needs at least ${needed} classes; this model has ${classes}.`);
}

/** -(z_y - max_{i != y} z_i) / (z_(1) - z_(3) + 1e-12) [n]; at least three classes. */
export const dlr = (logits: Tensor2D, y: Tensor1D): Tensor1D =>
  tf.tidy(() => {
    const classes = logits.shape[1];
    checkClasses(classes, 3);
    const label = tf.oneHot(y, classes);
    const [first, , third] = ranks(logits, 3).map((rank) => picked(logits, rank));
    const margin = tf.sub(picked(logits, label), picked(logits, largestOutside(logits, label, classes)));
    return tf.neg(tf.div<Tensor1D>(margin, tf.add(tf.sub(first ?? 0, third ?? 0), 1e-12)));
  });

/** -(z_y - z_t) / (z_(1) - (z_(3) + z_(4)) / 2 + 1e-12) [n] for classes t int32 [n] (eq. 7); at least four classes. */
export const targetedDlr = (logits: Tensor2D, y: Tensor1D, target: Tensor1D): Tensor1D =>
  tf.tidy(() => {
    const classes = logits.shape[1];
    checkClasses(classes, 4);
    const margin = tf.sub(picked(logits, tf.oneHot(y, classes)), picked(logits, tf.oneHot(target, classes)));
    const [first, , third, fourth] = ranks(logits, 4).map((rank) => picked(logits, rank));
    const spread = tf.sub(first ?? 0, tf.mul(tf.add(third ?? 0, fourth ?? 0), 0.5));
    return tf.neg(tf.div<Tensor1D>(margin, tf.add(spread, 1e-12)));
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
