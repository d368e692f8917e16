/** The cpu engine: tfjs's plain JavaScript kernels. Slow and simple, the reference that the others are tested against. */
import * as tf from '@tensorflow/tfjs-core';
import { activate, loadTensors, processor } from './eager-engine';
import type { Engine, EngineInfo, EngineProbe } from './engine';
import { hostRandom } from './random';

const info = (): EngineInfo => ({
  id: 'cpu',
  device: processor(),
  version: `tfjs ${tf.version_core}`,
  threads: 1,
  parts: 1,
  capabilities: { secondOrder: true, precisions: ['float32'] },
});

export const probeCpu = async (): Promise<EngineProbe> => ({ works: true, info: info() });

export async function openCpu(): Promise<Engine> {
  await loadTensors();
  return activate(info(), hostRandom);
}
