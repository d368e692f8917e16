/** What attacks ask of each example of a batch, and how its answer spreads over the example's pixels. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';

/** Values [n] as [n, 1, 1, 1]. */
export const column = (values: Tensor): Tensor4D => tf.reshape(values, [-1, 1, 1, 1]);
/** Bools [n] as 0 and 1. */
export const asFlag = (bools: Tensor): Tensor1D => tf.reshape(tf.cast(bools, 'float32'), [-1]);
/** 1 where the logits [n, k] do not lead to y [n]. */
export const isWrong = (logits: Tensor2D, y: Tensor1D): Tensor1D =>
  tf.tidy(() => asFlag(tf.notEqual(tf.argMax(logits, 1), y)));
/** `yes` where the flag [n] is 1, otherwise `no`. */
export const choose = (flag: Tensor1D, yes: Tensor4D, no: Tensor4D): Tensor4D =>
  tf.tidy(() => tf.where<Tensor4D>(tf.greater(column(flag), 0), yes, no));
