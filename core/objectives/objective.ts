/** What a training objective is: where its points are (attack, sampler; no gradient in the weights) and its loss at them. */
import type { Scalar, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import type { Random } from '../engine/engine';
import type { Schema, Values } from '../lib/options';
import type { Entry } from '../lib/registry';
import type { Classifier } from '../models/model';

export interface ObjectiveBatch {
  /** [n, h, w, c] in [0,1]. */
  readonly x: Tensor4D;
  /** int32 [n]. */
  readonly y: Tensor1D;
  /** Starts of the sampling chains [m, h, w, c] and their labels [m], from the replay buffer; only for objectives with negatives. */
  readonly chains?: { readonly x: Tensor4D; readonly y: Tensor1D };
}

/** Points at which the loss is taken; constants for the weights' gradient. */
export interface Points {
  /** x~: perturbed images (adversarial, noisy) [n, h, w, c]. */
  readonly adversarial?: Tensor4D;
  /** x-: where the chains ended [m, h, w, c]. */
  readonly samples?: Tensor4D;
}

export interface Loss {
  readonly loss: Scalar;
  /** Named scalars to monitor: parts of the loss and mean energies. */
  readonly terms: Readonly<Record<string, Scalar>>;
}

/** How many chains an objective wants and where they start; undefined for objectives without negatives. */
export interface ChainPlan {
  readonly chains: number;
  readonly bufferSize: number;
  readonly reinit: number;
  readonly start: 'uniform' | 'class-gaussian';
}

export interface ObjectiveEntry<S extends Schema = Schema> extends Entry<S> {
  /** Chains wanted for a batch of n, if the objective has negatives. */
  plan?(options: Values<S>, n: number): ChainPlan;
  points(model: Classifier, batch: ObjectiveBatch, options: Values<S>, random: Random): Points;
  /** `model` here is differentiable in its weights. */
  loss(model: Classifier, batch: ObjectiveBatch, points: Points, options: Values<S>): Loss;
}

export const defineObjective = <S extends Schema>(entry: ObjectiveEntry<S>): ObjectiveEntry<S> => entry;
