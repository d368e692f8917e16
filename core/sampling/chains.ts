/** Runs chains for a number of steps, on demand with the images and energies along the way. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import { jointEnergy, marginalEnergy } from '../energy/energy';
import type { CompileOptions, CompiledStep, Compiler, NamedTensors } from '../engine/engine';
import { breathe } from '../lib/breathe';
import { throwIfCancelled } from '../lib/errors';
import { type Key, fork } from '../lib/key';
import type { Schema, Values } from '../lib/options';
import { type Classifier, compileWith } from '../models/model';
import type { Chains, SamplerEntry } from './sampler';

export interface Sampling {
  readonly sampler: SamplerEntry;
  /** Resolved by the sampler's schema. */
  readonly options: Values<Schema>;
}

export interface ChainRun {
  readonly steps: number;
  /** Keep a frame every so many steps, besides the first and the last; without it none is kept. */
  readonly every?: number;
  readonly signal?: AbortSignal;
}

type StepInputs = { x: Tensor4D; start: Tensor4D; y?: Tensor1D; velocity?: Tensor4D };
export type SamplerStep = CompiledStep<NamedTensors, StepInputs, { x: Tensor4D; velocity?: Tensor4D }>;

/** A sampler's step on a model, compiled: for chains of any number and length. */
export const compileSampler = (
  engine: Compiler,
  model: Classifier,
  { sampler, options }: Sampling,
  compile: CompileOptions = {},
): SamplerStep =>
  compileWith(
    engine,
    model,
    (net, { x, start, y, velocity }: StepInputs, random) => ({
      ...sampler.step(net, velocity ? { x, velocity } : { x }, y, start, options, random),
    }),
    compile,
  );

/** Chains at one step, read back: images [n, h, w, c], E(x) [n] and, where there are labels, E(x,y) [n]. */
export interface Frame {
  readonly step: number;
  readonly x: Float32Array;
  readonly marginal: Float32Array;
  readonly joint?: Float32Array;
}

/**
 * Moves chains from `start` [n, h, w, c]. With y (int32 [n]) the energy is E(x,y), without it E(x). Step k draws from the stream k
 * below `at`. The returned tensor is the caller's; `start` stays the caller's.
 * @throws AppError CANCELLED, and what the sampler throws.
 */
export async function runChains(
  model: Classifier,
  step: SamplerStep,
  start: Tensor4D,
  y: Tensor1D | undefined,
  { steps, every, signal }: ChainRun,
  at: Key,
): Promise<{ x: Tensor4D; frames: Frame[] }> {
  const frames: Frame[] = [];
  let chains: Chains = { x: tf.clone(start) };
  try {
    for (let k = 0; ; k++) {
      if (every !== undefined && (k % every === 0 || k === steps)) frames.push(await frameAt(model, k, chains.x, y));
      if (k === steps) break;
      await breathe();
      throwIfCancelled(signal);
      const next = step.run({ ...chains, start, ...(y ? { y } : {}) }, fork(at, k));
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
