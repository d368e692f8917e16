/** The tensorflow engine: tfjs's native backend on libtensorflow, for the processor or an NVIDIA GPU. The fastest there is here. */
import * as tf from '@tensorflow/tfjs-core';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '../lib/errors';
import { activate, loadTensors, processor } from './eager-engine';
import { type Engine, type EngineInfo, type EngineProbe, precisions } from './engine';
import { loadBinding, tensorflowBackend } from './tensorflow-binding';
import { capturedStep } from './graph/captured';
import { nativeRandom } from './tensorflow-random';
import { currentTuning } from './tuning';

function info(): EngineInfo {
  const { binding } = loadBinding();
  const gpu = binding.isUsingGpuDevice();
  const tuning = currentTuning();
  return {
    id: 'tensorflow',
    device: gpu ? nvidiaName() : processor(),
    version: `libtensorflow ${binding.TF_Version}, tfjs ${tf.version_core}`,
    threads: Math.max(tuning.intraOp, tuning.interOp),
    parts: gpu ? 1 : tuning.parts,
    capabilities: { secondOrder: true, precisions },
  };
}

/** The first GPU's name, as its driver tells it. */
function nvidiaName(): string {
  const root = '/proc/driver/nvidia/gpus';
  try {
    const [first = ''] = readdirSync(root);
    const model = /^Model:\s*(.+)$/m.exec(readFileSync(path.join(root, first, 'information'), 'utf8'));
    const name = model?.[1]?.trim() ?? 'GPU';
    return name.startsWith('NVIDIA') ? name : `NVIDIA ${name}`;
  } catch {
    return 'NVIDIA GPU';
  }
}

/** Loads libtensorflow, but does not make it the backend. */
export async function probeTensorflow(): Promise<EngineProbe> {
  try {
    return { works: true, info: info() };
  } catch (error) {
    return { works: false, reason: error instanceof AppError ? error.message : String(error) };
  }
}

/** @throws AppError ENGINE when libtensorflow is not set up or does not load. */
export async function openTensorflow(): Promise<Engine> {
  const backend = await tensorflowBackend();
  await loadTensors();
  const random = nativeRandom(backend);
  const engine = await activate(info(), random);
  return {
    ...engine,
    compile: (step, state, options = {}) => capturedStep(backend, step, state, random, options),
  };
}
