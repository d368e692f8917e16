/** What a sampler is: data with a schema and a pure `step` that moves chains one step down an energy. */
import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import type { Random } from '../engine/engine';
import type { Schema, Values } from '../lib/options';
import type { Entry } from '../lib/registry';
import type { Classifier } from '../models/model';

/** Chains and whatever else moves with them (momentum). */
export interface Chains {
  readonly x: Tensor4D;
  readonly velocity?: Tensor4D;
}

export interface SamplerEntry<S extends Schema = Schema> extends Entry<S> {
  /** `y` (int32 [n]) conditions on the class: energy E(x,y); without it the energy is E(x). `start` is x at step 0 (for balls round it). Returns new tensors and leaves none behind. */
  step(
    model: Classifier,
    chains: Chains,
    y: Tensor1D | undefined,
    start: Tensor4D,
    options: Values<S>,
    random: Random,
  ): Chains;
}

export const defineSampler = <S extends Schema>(entry: SamplerEntry<S>): SamplerEntry<S> => entry;
