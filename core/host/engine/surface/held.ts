/** A model for work that goes on after its call: over weights of its own, so that the desk may let its own go. */
import * as tf from '@tensorflow/tfjs-core';
import { type Classifier, cloned } from '../../../models/model';

export interface Held {
  readonly model: Classifier;
  release(): void;
}

export function held(model: Classifier): Held {
  const weights = cloned(model.weights);
  return { model: model.having(weights), release: () => tf.dispose(weights) };
}
