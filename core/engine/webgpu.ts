/** The webgpu engine: tfjs's WebGPU backend on Dawn, for any vendor's GPU. Reads are async only. */
import * as tf from '@tensorflow/tfjs-core';
import { AppError } from '../lib/errors';
import { activate, loadTensors } from './eager-engine';
import type { Engine, EngineInfo, EngineProbe } from './engine';
import { dawnAdapter, openDevice } from './webgpu-dawn';
import { guardReads, watchDevice } from './webgpu-faults';
import { gpuRandom } from './webgpu-random';

const info = ({ info: { description, device, vendor } }: GPUAdapter): EngineInfo => ({
  id: 'webgpu',
  device: [device || vendor, description].filter((text) => text !== '').join(', ') || 'unknown GPU',
  version: `tfjs ${tf.version_core}, Dawn`,
  threads: 1,
  parts: 1,
  capabilities: { secondOrder: true, precisions: ['float32'] },
});

export async function probeWebgpu(): Promise<EngineProbe> {
  try {
    return { works: true, info: info(await dawnAdapter()) };
  } catch (error) {
    return { works: false, reason: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * Its dispose destroys the device and its tensors, after which a process can end by itself. Once the GPU has refused a command or is
 * lost, every read throws AppError ENGINE.
 * @throws AppError ENGINE when there is no GPU or its packages are missing.
 */
export async function openWebgpu(): Promise<Engine> {
  const adapter = await dawnAdapter();
  await loadTensors();
  const { WebGPUBackend } = await import('@tensorflow/tfjs-backend-webgpu').catch((cause: unknown) => {
    throw new AppError('ENGINE', 'The optional package tfjs-backend-webgpu is missing.', 'Run npm install.', cause);
  });
  // Kernels on the host for small tensors would round otherwise than the GPU's.
  tf.env().set('WEBGPU_CPU_FORWARD', false);
  const device = await openDevice(adapter);
  const backend = new WebGPUBackend(device, adapter.info);
  guardReads(backend, watchDevice(device));
  if (tf.findBackendFactory('webgpu')) tf.removeBackend('webgpu');
  tf.registerBackend('webgpu', () => backend, 3);
  return activate(info(adapter), gpuRandom(backend), async () => {
    tf.removeBackend('webgpu');
    device.destroy();
  });
}
