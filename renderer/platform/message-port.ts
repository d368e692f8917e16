/**
 * The channel of Electron: a message port that the preload script posts to the page as 'lowland-port', once the page has said that it is
 * ready. Messages are structured clones, so arrays travel as they are.
 */
import { inbox } from '../../core/contract/inbox';
import type { Connection } from '../../core/contract/wire';

export function receivePort(page: Window, ready: () => Promise<void> | void): Promise<Connection> {
  return new Promise((resolve) => {
    const receive = (event: MessageEvent) => {
      const [port] = event.ports;
      if (event.source !== page || event.data !== 'lowland-port' || !port) return;
      page.removeEventListener('message', receive);
      const { deliver, listen, close } = inbox();
      port.addEventListener('message', ({ data }) => {
        // main says so when it lets the port go: a port tells nobody of its other end
        if (data === 'closed') close();
        else deliver(data);
      });
      port.start();
      resolve({ send: (message) => port.postMessage(message), listen, close: () => port.close() });
    };
    page.addEventListener('message', receive);
    void ready();
  });
}
