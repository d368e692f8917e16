/** What Dawn reports beside the calls, an invalid command or a lost device, made to stop the next read: what follows it is garbage. */
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { AppError } from '../lib/errors';

/** Remembers the first fault of a device; the returned function throws it as AppError ENGINE. The device's own destroy is none. */
export function watchDevice(device: Pick<GPUDevice, 'addEventListener' | 'lost'>): () => void {
  let fault: AppError | undefined;
  const remember = (what: string, message: string): void => {
    const first = message.trim().split('\n')[0]?.replace(/\.$/, '') || 'it does not say why';
    fault ??= new AppError(
      'ENGINE',
      `${what}: ${first}.`,
      'Try a smaller batch or model, or choose another engine with --engine.',
    );
  };
  device.addEventListener('uncapturederror', (event) => {
    // Else Dawn prints it.
    event.preventDefault();
    remember('The GPU refused a command', event.error.message);
  });
  void device.lost.then(({ reason, message }) => {
    if (reason !== 'destroyed') remember('The GPU was lost', message);
  });
  return () => {
    if (fault) throw fault;
  };
}

/** Makes every read of the backend throw the device's fault, if there is one, in place of values. */
export function guardReads(backend: WebGPUBackend, raise: () => void): void {
  const { read, readSync } = backend;
  backend.read = async (id) => {
    const values = await read.call(backend, id).catch(async (error: unknown) => {
      // A read from a lost device fails before the loss is told.
      await new Promise(setImmediate);
      raise();
      throw error;
    });
    raise();
    return values;
  };
  backend.readSync = (id) => {
    raise();
    return readSync.call(backend, id);
  };
}
