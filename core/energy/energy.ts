/**
 * Energies of a classifier with logits f(x) (Grathwohl et al. 2020; Zhu et al. 2021, section 3), in nats:
 *   E(x,y) = -f(x)[y]        E(x) = -logsumexp_k f(x)[k]        CE(x,y) = E(x,y) - E(x) >= 0
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type { Classifier } from '../models/model';

/** E(x,y) [n] from logits [n, k] and int32 labels [n]. */
export const jointEnergy = (logits: Tensor2D, y: Tensor1D): Tensor1D =>
  tf.tidy(() => tf.neg(tf.sum<Tensor1D>(tf.mul(logits, tf.oneHot(y, logits.shape[1])), 1)));

/**
 * E(x) [n] from logits [n, k]; logsumexp subtracts the maximum, so logits of +-1e4 neither overflow nor vanish. Its gradient,
 * -softmax, is written from the logits: that of tf.logSumExp keeps results of exp aside, and cannot be differentiated again. (Softmax
 * as exp of log-softmax: TensorFlow's own rounds otherwise in a graph than op by op.)
 */
export const marginalEnergy = (logits: Tensor2D): Tensor1D => negativeLogSumExp(logits);

const negativeLogSumExp = tf.customGrad<Tensor1D>((z, save) => {
  if (!(z instanceof tf.Tensor) || typeof save !== 'function') throw new Error('customGrad passes (tensor, save)');
  save([z]);
  return {
    value: tf.tidy(() => tf.neg(tf.logSumExp<Tensor1D>(z, 1))),
    gradFunc: (dy, [saved = z]) => tf.mul(tf.expandDims(tf.neg(dy), 1), tf.exp(tf.logSoftmax(saved))),
  };
});

/** CE(x,y) = -log p(y|x) [n], from the log-softmax: exact to rounding where E(x,y) and E(x) are both large. */
export const crossEntropy = (logits: Tensor2D, y: Tensor1D): Tensor1D =>
  tf.tidy(() => tf.neg(tf.sum<Tensor1D>(tf.mul(tf.logSoftmax(logits), tf.oneHot(y, logits.shape[1])), 1)));

/** A value per example, from logits: what an attack climbs or a sampler descends. */
export type PerExample = (logits: Tensor2D) => Tensor1D;

/**
 * The values [n] and their gradients in x [n, h, w, c]. Examples are independent (batch norm in eval mode), so the gradient of
 * the sum holds every example's own.
 */
export function valueAndGradient(
  model: Classifier,
  x: Tensor4D,
  value: PerExample,
): { value: Tensor1D; gradient: Tensor4D } {
  let values: Tensor1D | undefined;
  const gradient = tf.grad((input) => {
    values = tf.keep(value(model.logits(input as Tensor4D)));
    return tf.sum(values);
  })(x) as Tensor4D;
  if (!values) throw new Error('tf.grad did not call its function');
  return { value: values, gradient };
}

/** The gradient alone. */
export const gradientInX = (model: Classifier, x: Tensor4D, value: PerExample): Tensor4D =>
  tf.tidy(() => {
    const both = valueAndGradient(model, x, value);
    both.value.dispose();
    return both.gradient;
  });
