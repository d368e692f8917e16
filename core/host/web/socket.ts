/** A WebSocket as a connection: frames of the codec, a heartbeat, and an end when a frame is none. */
import type { RawData, WebSocket } from 'ws';
import { decodeFrame, encodeFrame } from '../../contract/codec';
import { inbox } from '../../contract/inbox';
import { type Connection, toWire } from '../../contract/wire';

/** Milliseconds between pings; a socket that missed one answer is closed. */
const heartbeat = 20_000;

export function socketConnection(socket: WebSocket): Connection {
  const { deliver, listen, close } = inbox();
  let alive = true;
  const timer = setInterval(() => {
    if (!alive) return socket.terminate();
    alive = false;
    socket.ping();
  }, heartbeat);
  const send: Connection['send'] = (message) => {
    if (socket.readyState === socket.OPEN) socket.send(encodeFrame(message));
  };
  socket.on('pong', () => (alive = true));
  socket.on('message', (data: RawData, isBinary: boolean) => {
    alive = true;
    try {
      deliver(decodeFrame(isBinary ? bytesOf(data) : new Uint8Array()));
    } catch (error) {
      send({ type: 'refused', error: toWire(error) });
      socket.close(1003);
    }
  });
  socket.on('close', () => {
    clearInterval(timer);
    close();
  });
  // 'close' follows: an oversized frame, a reset
  socket.on('error', () => undefined);
  return {
    send,
    listen,
    close: () => socket.close(),
  };
}

const bytesOf = (data: RawData): Uint8Array =>
  Array.isArray(data) ? Buffer.concat(data) : data instanceof ArrayBuffer ? new Uint8Array(data) : data;
