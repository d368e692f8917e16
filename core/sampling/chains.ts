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
  /** Makes `movesTogether` steps a call: taken where steps are short. */
  readonly several?: SamplerStep;
}

type StepInputs = { x: Tensor4D; start: Tensor4D; y?: Tensor1D; velocity?: Tensor4D };
export type SamplerStep = CompiledStep<NamedTensors, StepInputs, { x: Tensor4D; velocity?: Tensor4D }>;

/**
 * A sampler's step on a model, compiled: for chains of any number and length. With `moves` a call makes so many steps, the same as one
 * call after the other would make.
 */
export const compileSampler = (
  engine: Compiler,
  model: Classifier,
  { sampler, options }: Sampling,
  compile: CompileOptions = {},
  moves = 1,
): SamplerStep =>
  compileWith(
    engine,
    model,
    (net, { x, start, y, velocity }: StepInputs, random) => {
      let chains: Chains = velocity ? { x, velocity } : { x };
      for (let k = 0; k < moves; k++) chains = sampler.step(net, chains, y, start, options, random.later(k));
      return { ...chains };
    },
    compile,
  );

/** Steps of a call that makes several: launching a graph of a small net costs a tenth of its work. */
export const movesTogether = 10;
/** Milliseconds that a step may take at most for several to be one call: a stop is heard between calls. */
const shortStep = 20;

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
  { steps, every, signal, several }: ChainRun,
  at: Key,
): Promise<{ x: Tensor4D; frames: Frame[] }> {
  const frames: Frame[] = [];
  let chains: Chains = { x: tf.clone(start) };
  let quickest = Infinity;
  try {
    for (let k = 0; ;) {
      if (every !== undefined && (k % every === 0 || k === steps)) frames.push(await frameAt(model, k, chains.x, y));
      if (k === steps) break;
      await breathe();
      throwIfCancelled(signal);
      const room = Math.min(steps, every ? k - (k % every) + every : steps) - k;
      const many = several && quickest < shortStep && room >= movesTogether ? several : undefined;
      const began = performance.now();
      const next = (many ?? step).run({ ...chains, start, ...(y ? { y } : {}) }, fork(at, k));
      if (!many) quickest = Math.min(quickest, performance.now() - began);
      disposeChains(chains);
      chains = next;
      k += many ? movesTogether : 1;
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
