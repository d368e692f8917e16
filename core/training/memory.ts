/** How much memory a training step will need, found out on one and two images before a long run begins. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import os from 'node:os';
import { crossEntropy } from '../energy/energy';
import type { EngineId, NamedTensors } from '../engine/engine';
import { AppError } from '../lib/errors';
import { classifier } from '../models/model';
import { lossAndGradients } from './gradients';
import type { StepPlan } from './step';

/** What a 32-bit wasm memory can hold. */
const wasmLimit = 4 * 2 ** 30;

/** Peak bytes of tensors while the gradients in the weights are computed at `images` images. */
async function peak({ model }: StepPlan, weights: NamedTensors, images: number): Promise<number> {
  const { peakBytes, result } = await tf.profile(() =>
    tf.tidy(() => {
      const x: Tensor4D = tf.zeros([images, ...model.inputShape]);
      const y = tf.zeros<tf.Rank.R1>([images], 'int32');
      const { loss, gradients } = lossAndGradients(weights, (trained) => {
        const logits = classifier(model, { ...weights, ...trained }).logits(x);
        return { loss: tf.mean(crossEntropy(logits, y)), terms: {} };
      });
      tf.dispose([loss, gradients]);
      return tf.scalar(0);
    }),
  );
  tf.dispose(result);
  return peakBytes;
}

/**
 * Bytes of tensors that a step on `images` images holds at once: state, its next value, and what the backward pass keeps. Compiled
 * steps need less, since they free what is not needed as soon as it is not.
 */
export async function stepBytes(
  plan: StepPlan,
  weights: NamedTensors,
  state: NamedTensors,
  images: number,
): Promise<number> {
  const [one, two] = [await peak(plan, weights, 1), await peak(plan, weights, 2)];
  const held = Object.values(state).reduce((sum, { size }) => sum + 4 * size, 0);
  return one + (images - 1) * Math.max(0, two - one) + 2 * held;
}

/** What this process may use: the machine's memory, or less where it is confined. */
const ownMemory = (): number => Math.min(os.totalmem(), process.constrainedMemory?.() || Infinity);

/** @throws AppError ENGINE when the step cannot fit into memory; a GPU's is not known beforehand. */
export function checkMemory(bytes: number, batch: number, engine: EngineId, memory = ownMemory()): void {
  const limit = engine === 'wasm' ? Math.min(wasmLimit, memory) : memory;
  if (engine === 'webgpu' || bytes <= limit) return;
  throw new AppError(
    'ENGINE',
    `A step of ${batch} images needs about ${gigabytes(bytes)} of memory; ${engine === 'wasm' ? 'wasm' : 'this machine'} has ${gigabytes(limit)}.`,
    'Use a smaller batch with --set batch=…, or a smaller model.',
  );
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;
