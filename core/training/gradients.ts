/** Gradients in the weights, and their global norm. */
import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import type { NamedTensors } from '../engine/engine';
import type { Loss } from '../objectives/objective';

/** The loss, its terms and d loss / d weight for each named weight; all new tensors. */
export function lossAndGradients(
  weights: NamedTensors,
  compute: (weights: NamedTensors) => Loss,
): Loss & { gradients: NamedTensors } {
  const names = Object.keys(weights);
  let computed: Loss | undefined;
  const gradients = tf.grads((...values: Tensor[]) => {
    computed = compute(Object.fromEntries(names.map((name, i) => [name, values[i] ?? tf.scalar(0)])));
    for (const term of Object.values(computed.terms)) tf.keep(term);
    return tf.keep(computed.loss);
  })(Object.values(weights));
  if (!computed) throw new Error('tf.grads did not call its function');
  return { ...computed, gradients: Object.fromEntries(names.map((name, i) => [name, gradients[i] ?? tf.scalar(0)])) };
}

/** sqrt of the sum of squares over all gradients; as one sum over a list, whose order no engine changes. */
export const globalNorm = (gradients: NamedTensors): Scalar =>
  tf.tidy(() => {
    const squares = Object.values(gradients).map((gradient) => tf.sum(tf.square(gradient)));
    return tf.sqrt(squares.length > 0 ? tf.sum<Scalar>(tf.stack(squares)) : tf.scalar(0));
  });

/** Scales all gradients so that their global norm is at most `limit`. */
export function clipByGlobalNorm(gradients: NamedTensors, norm: Scalar, limit: number): NamedTensors {
  const factor = tf.div(limit, tf.maximum(norm, limit));
  return Object.fromEntries(Object.entries(gradients).map(([name, gradient]) => [name, tf.mul(gradient, factor)]));
}
