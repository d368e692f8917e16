/** What every form of Auto-PGD (Croce & Hein 2020) does at a point: its loss, the gradient, and whether the model is wrong there. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { type PerExample, valueAndGradient } from '../energy/energy';
import type { Classifier } from '../models/model';
import { isWrong } from './rows';

export interface ApgdTask {
  readonly eps: number;
  readonly steps: number;
  readonly rounds: number;
  /** Gradients averaged a step, for models that are random at test time. */
  readonly eot: number;
  /** What is climbed, for labels y [n] and what `aims` gave. */
  loss(y: Tensor1D, aim: Tensor1D): PerExample;
  /** Per example int32 [n] from the logits at x, for this round: a class to aim at. */
  aims(clean: Tensor2D, y: Tensor1D, round: Tensor): Tensor1D;
}

interface Seen {
  value: Tensor1D;
  gradient: Tensor4D;
  /** 0 or 1. */
  wrong: Tensor1D;
}

/** Loss [n], gradient [n, h, w, c] and whether wrong [n]; value and verdict are those of the first of the passes. */
export function look(
  { loss, eot }: Pick<ApgdTask, 'loss' | 'eot'>,
  model: Classifier,
  at: Tensor4D,
  y: Tensor1D,
  aim: Tensor1D,
): Seen {
  const climbed = loss(y, aim);
  const pass = (): Seen => {
    let wrong: Tensor1D | undefined;
    const { value, gradient } = valueAndGradient(model, at, (logits) => {
      wrong = tf.keep(isWrong(logits, y));
      return climbed(logits);
    });
    if (!wrong) throw new Error('the loss was not asked for');
    const kept = { value: tf.clone(value), gradient, wrong: tf.clone(wrong) };
    tf.dispose([value, wrong]);
    return kept;
  };
  const first = pass();
  const gradients = [first.gradient, ...Array.from({ length: eot - 1 }, () => pass().gradient)];
  return eot === 1 ? first : { ...first, gradient: tf.div<Tensor4D>(tf.addN(gradients), eot) };
}
