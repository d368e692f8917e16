/** The webgpu engine: tfjs's WebGPU backend on Dawn (npm `webgpu`), for any vendor's GPU. Reads are async only. */
import * as tf from '@tensorflow/tfjs-core';
import { AppError } from '../lib/errors';
import { activate, loadTensors } from './eager-engine';
import type { Engine, EngineInfo, EngineProbe } from './engine';
import { hostRandom } from './random';

interface Installed {
  readonly gpu: GPU;
  readonly adapter: GPUAdapter;
}

/** Dawn's objects become globals and `navigator.gpu`, where the backend looks for them. */
async function install(): Promise<Installed> {
  const { create, globals } = await import('webgpu').catch((cause: unknown) => {
    throw new AppError('ENGINE', 'The optional package webgpu (Dawn) is not installed.', 'Run npm install.', cause);
  });
  Object.assign(globalThis, globals);
  const gpu = create([]);
  Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true });
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new AppError('ENGINE', 'No GPU with a driver for WebGPU was found.', 'Install a Vulkan driver.');
  return { gpu, adapter };
}

const info = ({ adapter }: Installed): EngineInfo => ({
  id: 'webgpu',
  device: adapter.info.description || adapter.info.device || adapter.info.vendor || 'unknown GPU',
  version: `tfjs ${tf.version_core}, Dawn`,
  threads: 1,
  capabilities: { secondOrder: true },
});

export async function probeWebgpu(): Promise<EngineProbe> {
  try {
    return { works: true, info: info(await install()) };
  } catch (error) {
    return { works: false, reason: error instanceof Error ? error.message : String(error) };
  }
}

/** @throws AppError ENGINE when there is no GPU or its packages are missing. */
export async function openWebgpu(): Promise<Engine> {
  const installed = await install();
  await loadTensors();
  await import('@tensorflow/tfjs-backend-webgpu');
  return activate(info(installed), hostRandom);
}
