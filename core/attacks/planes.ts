/** Linearised boundaries of a classifier: the plane on which, to first order, the logits of the label and of another class are equal. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { valueAndGradient } from '../energy/energy';
import { exampleAxes } from '../energy/geometry';
import { AppError } from '../lib/errors';
import type { Classifier } from '../models/model';
import type { BallNorm } from './perturb';
import { column } from './rows';

export interface Plane {
  /** z_other - z_y [n, 1, 1, 1]: below 0 on the label's side. */
  readonly gap: Tensor4D;
  /** Its gradient in x. */
  readonly w: Tensor4D;
}

const difference = (logits: Tensor2D, other: Tensor, y: Tensor1D): Tensor1D => {
  const classes = logits.shape[1];
  return tf.sum(tf.mul(logits, tf.sub(tf.oneHot(other as Tensor1D, classes), tf.oneHot(y, classes))), 1);
};

/** The plane to the class `other` int32 [n]. */
export function planeTo(model: Classifier, at: Tensor4D, y: Tensor1D, other: Tensor): Plane {
  const { value, gradient } = valueAndGradient(model, at, (logits) => difference(logits, other, y));
  const gap = column(value);
  value.dispose();
  return { gap, w: gradient };
}

/** ||w|| in the norm dual to the one in which the way to the plane is measured, [n, 1, 1, 1]. */
export const dualNorm = (w: Tensor4D, norm: BallNorm): Tensor4D => dualNorms[norm](w);

const dualNorms: Readonly<Record<BallNorm, (w: Tensor4D) => Tensor4D>> = {
  linf: (w) => tf.sum<Tensor4D>(tf.abs(w), exampleAxes, true),
  l2: (w) => tf.sqrt(tf.sum<Tensor4D>(tf.square(w), exampleAxes, true)),
  l1: (w) => tf.max<Tensor4D>(tf.abs(w), exampleAxes, true),
};

/** The nearest of the planes to all other classes, by |gap| / ||w||. @throws AppError BAD_OPTION for a single class. */
export function nearestPlane(model: Classifier, at: Tensor4D, y: Tensor1D, norm: BallNorm): Plane {
  let nearest: (Plane & { distance: Tensor4D }) | undefined;
  for (let k = 0; k < model.classes; k++) {
    const other = tf.fill<tf.Rank.R1>([at.shape[0]], k, 'int32');
    const { gap, w } = planeTo(model, at, y, other);
    const way = tf.div<Tensor4D>(tf.abs(gap), tf.add(dualNorm(w, norm), 1e-12));
    const distance = tf.where<Tensor4D>(column(tf.equal(other, y)), Infinity, way);
    if (!nearest) nearest = { gap, w, distance };
    else {
      const nearer = tf.less(distance, nearest.distance);
      const one = column(nearer);
      nearest = {
        gap: tf.where<Tensor4D>(one, gap, nearest.gap),
        w: tf.where<Tensor4D>(one, w, nearest.w),
        distance: tf.minimum<Tensor4D>(distance, nearest.distance),
      };
    }
  }
  if (!nearest) throw new AppError('BAD_OPTION', 'This attack needs at least 2 classes.');
  return { gap: nearest.gap, w: nearest.w };
}
