/** A connection over a message port of any kind: of a browser, of Electron, or a child process. */
import type { Connection } from './wire';
import { inbox } from './inbox';

export interface PortLike {
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  onClose(listener: () => void): void;
  close(): void;
}

export function portConnection(port: PortLike): Connection {
  const { deliver, listen, close } = inbox();
  port.onMessage(deliver);
  port.onClose(close);
  return {
    send: (message) => port.post(message),
    listen,
    close: () => {
      port.close();
      close();
    },
  };
}
