/** The wasm engine: tfjs's WebAssembly backend (XNNPACK), the embedded default that always works. */
import * as tf from '@tensorflow/tfjs-core';
import { activate, loadTensors, processor } from './eager-engine';
import type { Engine, EngineInfo, EngineProbe } from './engine';
import { hostRandom } from './random';
import { registerWasmKernels } from './wasm-kernels';

async function info(): Promise<EngineInfo> {
  await import('@tensorflow/tfjs-backend-wasm');
  const simd = await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT');
  return {
    id: 'wasm',
    device: processor(),
    version: `tfjs ${tf.version_core} (${simd ? 'SIMD' : 'no SIMD'})`,
    threads: 1,
    parts: 1,
    capabilities: { secondOrder: true, precisions: ['float32'] },
  };
}

export async function probeWasm(): Promise<EngineProbe> {
  if (!('WebAssembly' in globalThis)) return { works: false, reason: 'This JavaScript runtime has no WebAssembly.' };
  return { works: true, info: await info() };
}

/** @throws AppError ENGINE when the WebAssembly module does not start. */
export async function openWasm(): Promise<Engine> {
  await loadTensors();
  await import('@tensorflow/tfjs-backend-wasm');
  registerWasmKernels();
  return activate(await info(), hostRandom);
}
