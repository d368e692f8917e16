/** A child's end of the channel: Electron's parent port in a utility process, or the IPC channel of a forked process. */
import type { Connection } from '../contract/wire';
import { portConnection } from '../contract/port';
import { AppError } from '../lib/errors';

/** Electron's addition to `process` in a utility process. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): void;
}
const parentPort = (): ParentPort | undefined =>
  'parentPort' in process ? (process.parentPort as ParentPort | undefined) : undefined;

export function connectToHost(): Connection {
  const port = parentPort();
  if (port)
    return portConnection({
      post: (message) => port.postMessage(message),
      onMessage: (listener) => port.on('message', ({ data }) => listener(data)),
      // a utility process is killed with its parent
      onClose: () => undefined,
      close: () => process.exit(0),
    });
  if (!process.send) throw new AppError('FAILED', 'This process was not started by Lowland.');
  return portConnection({
    post: (message) => process.send?.(message),
    onMessage: (listener) => process.on('message', listener),
    onClose: (listener) => process.once('disconnect', listener),
    close: () => process.disconnect(),
  });
}
