/** A client of a served host, in Node: what a window is to it, without the window. */
import { WebSocket } from 'ws';
import type { Api, LowlandClient } from '../../../core/contract/api';
import { ChannelClient } from '../../../core/contract/client';
import { socketConnection } from '../../../core/host/web/socket';

/** `url` as `lowland serve` prints it. */
export function connect(url: string): Promise<{ client: LowlandClient; close(): void }> {
  const address = new URL(url);
  address.protocol = 'ws:';
  address.pathname = '/channel';
  const socket = new WebSocket(address);
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('open', () => {
      const client = new ChannelClient<Api>();
      client.attach(socketConnection(socket));
      resolve({ client, close: () => socket.close() });
    });
  });
}
