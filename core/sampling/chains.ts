/** Runs chains for a number of steps, on demand with the images and energies along the way. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import { jointEnergy, marginalEnergy } from '../energy/energy';
import type { Random } from '../engine/engine';
import { breathe } from '../lib/breathe';
import { throwIfCancelled } from '../lib/errors';
import type { Schema, Values } from '../lib/options';
import type { Classifier } from '../models/model';
import type { Chains, SamplerEntry } from './sampler';

export interface ChainRun {
  readonly sampler: SamplerEntry;
  /** Resolved by the sampler's schema. */
  readonly options: Values<Schema>;
  readonly steps: number;
  /** Keep a frame every so many steps, besides the first and the last; without it none is kept. */
  readonly every?: number;
  readonly signal?: AbortSignal;
}

/** Chains at one step, read back: images [n, h, w, c], E(x) [n] and, where there are labels, E(x,y) [n]. */
export interface Frame {
  readonly step: number;
  readonly x: Float32Array;
  readonly marginal: Float32Array;
  readonly joint?: Float32Array;
}

/**
 * Moves chains from `start` [n, h, w, c]. With y (int32 [n]) the energy is E(x,y), without it E(x). Step k draws from
 * random.fork(k). The returned tensor is the caller's; `start` stays the caller's.
 * @throws AppError CANCELLED, and what the sampler throws.
 */
export async function runChains(
  model: Classifier,
  start: Tensor4D,
  y: Tensor1D | undefined,
  { sampler, options, steps, every, signal }: ChainRun,
  random: Random,
): Promise<{ x: Tensor4D; frames: Frame[] }> {
  const frames: Frame[] = [];
  let chains: Chains = { x: tf.clone(start) };
  try {
    for (let k = 0; ; k++) {
      if (every !== undefined && (k % every === 0 || k === steps)) frames.push(await frameAt(model, k, chains.x, y));
      if (k === steps) break;
      await breathe();
      throwIfCancelled(signal);
      const next = sampler.step(model, chains, y, start, options, random.fork(k));
      disposeChains(chains);
      chains = next;
    }
  } catch (error) {
    disposeChains(chains);
    throw error;
  }
  chains.velocity?.dispose();
  return { x: chains.x, frames };
}

/** Images and energies at x, read back. */
export async function frameAt(model: Classifier, step: number, x: Tensor4D, y: Tensor1D | undefined): Promise<Frame> {
  const tensors = tf.tidy(() => {
    const logits = model.logits(x);
    return [marginalEnergy(logits), ...(y ? [jointEnergy(logits, y)] : [])];
  });
  const [pixels, marginal, joint] = await Promise.all([x, ...tensors].map((tensor) => tensor.data<'float32'>()));
  tf.dispose(tensors);
  if (!pixels || !marginal) throw new Error('a read returned nothing');
  return { step, x: pixels.slice(), marginal: marginal.slice(), ...(joint ? { joint: joint.slice() } : {}) };
}

function disposeChains({ x, velocity }: Chains): void {
  x.dispose();
  velocity?.dispose();
}
