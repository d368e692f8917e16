/**
 * Trace of the Hessian of an energy in x, by Hutchinson's estimator (1990): E[v^T H v] over random signs v. H v comes from
 * differentiating twice, or from central differences of the gradient. A piecewise linear net (ReLU, leaky ReLU) has no second
 * derivative of E(x,y): twice differentiated its trace is 0, and differences see its kinks within their span.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import { type PerExample, gradientInX } from '../energy/energy';
import type { Random } from '../engine/engine';
import type { Classifier } from '../models/model';

export interface TracePlan {
  /** Random sign vectors averaged. */
  readonly probes: number;
  /** 'twice' needs an engine with the capability `secondOrder`. */
  readonly method: 'twice' | 'differences';
  /** Half the span of the differences, per pixel. */
  readonly span?: number;
}

/** The estimate for each example [n] at x [n, h, w, c]. */
export function hessianTrace(
  model: Classifier,
  x: Tensor4D,
  value: PerExample,
  { probes, method, span = 1e-2 }: TracePlan,
  random: Random,
): Tensor1D {
  const product =
    method === 'twice'
      ? twice
      : (m: Classifier, at: Tensor4D, f: PerExample, v: Tensor4D) => differences(m, at, f, v, span);
  return tf.tidy(() => {
    let total = tf.zeros([x.shape[0]]) as Tensor1D;
    for (let probe = 0; probe < probes; probe++) {
      total = tf.tidy(() => {
        const v = tf.sub<Tensor4D>(tf.mul(tf.cast(tf.less(random.fork(probe).uniform(x.shape), 0.5), 'float32'), 2), 1);
        return tf.add<Tensor1D>(total, tf.sum(tf.mul(v, product(model, x, value, v)), [1, 2, 3]));
      });
    }
    return tf.div<Tensor1D>(total, probes);
  });
}

/** H v as the gradient of (grad E . v). */
function twice(model: Classifier, x: Tensor4D, value: PerExample, v: Tensor4D): Tensor4D {
  const energy = (at: tf.Tensor) => tf.sum(value(model.logits(at as Tensor4D)));
  return tf.grad((at) => tf.sum(tf.mul(tf.grad(energy)(at), v)))(x) as Tensor4D;
}

/** H v as (grad E(x + h v) - grad E(x - h v)) / 2h. */
function differences(model: Classifier, x: Tensor4D, value: PerExample, v: Tensor4D, h: number): Tensor4D {
  const at = (sign: number) => gradientInX(model, tf.add(x, tf.mul(v, sign * h)), value);
  return tf.div<Tensor4D>(tf.sub(at(1), at(-1)), 2 * h);
}
