/** Attacks that look for the smallest perturbation: what they find, and how small, whatever eps is. */
import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import type { NamedTensors } from '../engine/engine';
import type { Walk } from './walk';

/** Larger than any perturbation: the size where none is found. */
export const never = 1e10;

export interface MinimalWalk<S extends NamedTensors = NamedTensors> extends Walk<S> {
  /** The smallest so far: images [n, h, w, c] and the sizes [n] of their perturbations in the walk's norm, `never` where none is found. */
  found(state: S): { images: Tensor4D; sizes: Tensor1D };
}
