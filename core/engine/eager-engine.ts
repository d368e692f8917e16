/** An engine that runs steps op by op on one tfjs backend: cpu, wasm and webgpu are such engines. */
import * as tf from '@tensorflow/tfjs-core';
import os from 'node:os';
import type { Key } from '../lib/key';
import { AppError } from '../lib/errors';
import { eagerStep } from './eager';
import type { Engine, EngineInfo, Random } from './engine';
import { registerGradients } from './gradients';

/** The processor's name, as an engine's device. */
export const processor = (): string => os.cpus()[0]?.model.trim() ?? 'unknown processor';

/** Registers the gradient of every op and the cpu backend; production mode keeps tfjs's advice off the terminal. */
export async function loadTensors(): Promise<void> {
  tf.enableProdMode();
  await import('@tensorflow/tfjs');
  registerGradients();
}

/**
 * Makes the backend of `info.id` the global one and wraps it.
 * @throws AppError ENGINE when the backend does not start.
 */
export async function activate(
  info: EngineInfo,
  random: (key: Key) => Random,
  dispose: () => Promise<void> = async () => undefined,
): Promise<Engine> {
  const started = await tf.setBackend(info.id).catch(() => false);
  if (!started) throw new AppError('ENGINE', `The ${info.id} engine did not start.`, 'Choose another with --engine.');
  await tf.ready();
  return {
    ...info,
    random,
    compile(step, state, { precision = 'float32' } = {}) {
      if (!info.capabilities.precisions.includes(precision))
        throw new AppError(
          'BAD_OPTION',
          `The ${info.id} engine does not compute in ${precision}.`,
          'Choose --precision float32, or --engine tensorflow.',
        );
      return eagerStep(step, state, random);
    },
    memory: () => ({ tensors: tf.memory().numTensors, bytes: tf.memory().numBytes }),
    dispose,
  };
}
