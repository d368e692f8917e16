/** What an attack is: data with a schema and a pure `run`. Every attack keeps to its eps-ball and to [0,1]. */
import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import type { Random } from '../engine/engine';
import type { Schema, Values } from '../lib/options';
import type { Entry } from '../lib/registry';
import type { Classifier } from '../models/model';
import type { Climb } from './climb';
import type { Walk } from './walk';

export interface AttackEntry<S extends Schema = Schema> extends Entry<S> {
  /**
   * x [n, h, w, c] in [0,1]; y int32 [n] (true labels, or targets when the attack is told `targeted`). Returns the adversarial
   * images, a new tensor of x's shape. All intermediate tensors are disposed.
   */
  run(model: Classifier, x: Tensor4D, y: Tensor1D, options: Values<S>, random: Random): Tensor4D;
  /** How it climbs, where it goes step by step: what `run` follows. To be called in a tidy that lasts as long as the plan is used. */
  climbing?(model: Classifier, x: Tensor4D, y: Tensor1D, options: Values<S>): Climb;
  /** How it walks, where it has a memory. @throws AppError BAD_OPTION where the model does not fit, say with too few classes. */
  walk?(options: Values<S>, model: Pick<Classifier, 'classes' | 'inputShape'>): Walk;
}

export const defineAttack = <S extends Schema>(entry: AttackEntry<S>): AttackEntry<S> => entry;
