/** Opens an engine by id, or the best that works. */
import * as tf from '@tensorflow/tfjs-core';
import { createRequire } from 'node:module';
import os from 'node:os';
import { AppError } from '../lib/errors';
import { eagerStep } from './eager';
import type { Engine, EngineId } from './engine';
import { hostRandom } from './random';

const require = createRequire(import.meta.url);

export async function openEngine(id: EngineId = 'wasm'): Promise<Engine> {
  require('@tensorflow/tfjs'); // registers every op's gradient and the cpu backend
  if (id === 'wasm') require('@tensorflow/tfjs-backend-wasm');
  if (id !== 'wasm' && id !== 'cpu') throw new AppError('ENGINE', `Engine '${id}' is not available here.`);
  await tf.setBackend(id);
  await tf.ready();
  return {
    id,
    device: os.cpus()[0]?.model ?? 'unknown processor',
    version: tf.version_core,
    threads: 1,
    capabilities: { secondOrder: true },
    random: hostRandom,
    compile: (step, state) => eagerStep(step, state, hostRandom),
    memory: () => ({ tensors: tf.memory().numTensors, bytes: tf.memory().numBytes }),
    dispose: async () => undefined,
  };
}
