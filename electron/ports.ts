/** Electron's ports as the host's: a window's end of the channel, and child processes. */
import path from 'node:path';
import { type MessagePortMain, utilityProcess } from 'electron';
import { portConnection } from '../core/contract/port';
import type { Connection } from '../core/contract/wire';
import type { Spawn } from '../core/host/child';

/** Array buffers are cloned, never put into a transfer list: such a message would not arrive. */
export const windowConnection = (port: MessagePortMain): Connection => {
  port.start();
  return portConnection({
    post: (message) => port.postMessage(message),
    onMessage: (listener) => port.on('message', ({ data }) => listener(data)),
    onClose: (listener) => port.on('close', listener),
    close: () => {
      // a port tells nobody of its other end, so it is said
      port.postMessage('closed');
      port.close();
    },
  });
};

export const utilityChild: Spawn = (role, args) => {
  const child = utilityProcess.fork(path.join(__dirname, 'process.cjs'), [...args], {
    serviceName: `Lowland ${role}`,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  let how: string | undefined;
  const exits = new Set<(how: string) => void>();
  child.once('exit', (code) => {
    how = code === 0 ? 'code 0' : `code ${code}`;
    for (const listener of exits) listener(how);
  });
  return {
    connection: portConnection({
      post: (message) => child.postMessage(message),
      onMessage: (listener) => child.on('message', listener),
      onClose: (listener) => child.once('exit', listener),
      close: () => void child.kill(),
    }),
    onExit(listener) {
      if (how === undefined) exits.add(listener);
      else listener(how);
    },
    kill: () => void child.kill(),
  };
};
