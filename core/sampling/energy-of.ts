/** Which energy a sampler walks down. */
import type { Tensor1D } from '@tensorflow/tfjs-core';
import { type PerExample, jointEnergy, marginalEnergy } from '../energy/energy';

/** E(x,y) for labels y int32 [n], E(x) without. */
export const energyOf = (y: Tensor1D | undefined): PerExample =>
  y ? (logits) => jointEnergy(logits, y) : marginalEnergy;
