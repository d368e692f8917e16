/** Dawn (npm `webgpu`) in the place of a browser's WebGPU: its types as globals and `navigator.gpu`, where tfjs looks for them. */
import { AppError } from '../lib/errors';

/** The best adapter of this machine. Chromium's SwiftShader counts as one, if VK_DRIVER_FILES names it: slow, for tests. */
export async function dawnAdapter(): Promise<GPUAdapter> {
  const { create, globals } = await import('webgpu').catch((cause: unknown) => {
    const hint = 'Run npm install; on a platform that it has no binary for, choose another engine.';
    throw new AppError('ENGINE', 'The optional package webgpu (Dawn) does not load.', hint, cause);
  });
  Object.assign(globalThis, globals);
  const gpu = create([]);
  const there: unknown = Reflect.get(globalThis, 'navigator');
  const navigator = typeof there === 'object' && there !== null ? there : { userAgent: 'Node.js' };
  Object.defineProperty(globalThis, 'navigator', { value: navigator, configurable: true, writable: true });
  Object.defineProperty(navigator, 'gpu', { value: gpu, configurable: true });
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter)
    throw new AppError(
      'ENGINE',
      'No GPU with a driver for Vulkan, Metal or Direct3D 12 was found.',
      "Install the GPU's driver (on Linux also the Vulkan loader, libvulkan1).",
    );
  return adapter;
}

/** A device with the adapter's own limits on buffers and workgroups, which tfjs's kernels count on. */
export function openDevice(adapter: GPUAdapter): Promise<GPUDevice> {
  const { limits } = adapter;
  return adapter.requestDevice({
    requiredLimits: {
      maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
      maxComputeWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
      maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
      maxBufferSize: limits.maxBufferSize,
      maxComputeWorkgroupSizeX: limits.maxComputeWorkgroupSizeX,
      maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
    },
  });
}
