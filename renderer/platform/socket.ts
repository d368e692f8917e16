/** The channel of a browser: frames over a WebSocket of the page's own server. */
import { decodeFrame, encodeFrame } from '../../core/contract/codec';
import { inbox } from '../../core/contract/inbox';
import type { Connection } from '../../core/contract/wire';

/** Resolves when the socket is open. @throws Error when it cannot be opened. */
export function openSocket(address: URL): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(address);
    socket.binaryType = 'arraybuffer';
    const { deliver, listen, close } = inbox();
    socket.addEventListener('message', ({ data }) => {
      if (data instanceof ArrayBuffer) deliver(decodeFrame(new Uint8Array(data)));
    });
    socket.addEventListener('close', close);
    socket.addEventListener('error', () => reject(new Error('The socket could not be opened.')));
    socket.addEventListener('open', () =>
      resolve({
        send: (message) => {
          if (socket.readyState === WebSocket.OPEN) socket.send(encodeFrame(message) as Uint8Array<ArrayBuffer>);
        },
        listen,
        close: () => socket.close(),
      }),
    );
  });
}

/** ws://host/channel of the page. */
export const channelAddress = (page: Location): URL => {
  const address = new URL('/channel', page.href);
  address.protocol = page.protocol === 'https:' ? 'wss:' : 'ws:';
  return address;
};
