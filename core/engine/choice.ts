/** Which engine is the best of those that work: a real GPU before the processor, the native library before the embedded one. */
import type { EngineId, EngineProbe } from './engine';

export type ProbeEngine = (id: EngineId) => Promise<EngineProbe>;

/**
 * Engines that work, best first, asking only as far as the order depends on it: tensorflow on an NVIDIA GPU; webgpu on a discrete
 * GPU; tensorflow on the processor; webgpu on any GPU that is one; wasm; cpu.
 */
export async function* enginesByRank(probe: ProbeEngine): AsyncGenerator<EngineId> {
  const tensorflow = await probe('tensorflow');
  const onGpu = tensorflow.works && /nvidia/i.test(tensorflow.info?.device ?? '');
  if (onGpu) yield 'tensorflow';
  const webgpu = await probe('webgpu');
  const device = webgpu.info?.device ?? '';
  const usable = webgpu.works && !isSoftware(device);
  if (usable && isDiscrete(device)) yield 'webgpu';
  if (tensorflow.works && !onGpu) yield 'tensorflow';
  if (usable && !isDiscrete(device)) yield 'webgpu';
  for (const id of ['wasm', 'cpu'] as const) if ((await probe(id)).works) yield id;
}

/** The first of them. */
export async function bestEngine(probe: ProbeEngine): Promise<EngineId> {
  for await (const id of enginesByRank(probe)) return id;
  return 'cpu';
}

/** A GPU that the processor plays: slower than wasm. */
export const isSoftware = (device: string): boolean =>
  /swiftshader|llvmpipe|lavapipe|softpipe|software|basic render/i.test(device);

/** By its name, for WebGPU does not tell: has memory of its own, or is as fast as one that has. */
export const isDiscrete = (device: string): boolean =>
  /nvidia|geforce|rtx|quadro|tesla|radeon (rx|pro|vii)|\barc\b|apple m\d/i.test(device) && !isSoftware(device);
