/** The browser shell: the renderer's files over HTTP and the host over a WebSocket, on one port, for whoever has the token. */
import { randomBytes } from 'node:crypto';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { maxFrame } from '../../contract/codec';
import { AppError, systemCode } from '../../lib/errors';
import type { Host } from '../host';
import { hostAllowed, originAllowed, sameToken, tokenOf } from './access';
import { socketConnection } from './socket';
import { contentPolicy, readStatic } from './static';

export interface ServeOptions {
  readonly address: string;
  /** 0 for any that is free. */
  readonly port: number;
  /** The renderer's build. */
  readonly folder: string;
  readonly token?: string;
}
export interface Served {
  /** With the token: whoever opens it is in. */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

const maxSockets = 64;
const security = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-cache',
};

/** @throws AppError FAILED for a port in use or an address that is not this machine's. */
export async function serveWeb(
  host: Host,
  { address, port, folder, token = newToken() }: ServeOptions,
): Promise<Served> {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxFrame, perMessageDeflate: false });
  const server = createServer((request, response) => void answer(request, response));
  server.on('upgrade', upgrade);
  await listening(server, address, port);
  const bound = (server.address() as AddressInfo).port;
  const cookie = `lowland-${bound}`;
  const shown =
    address === '0.0.0.0' || address === '::' ? 'localhost' : address.includes(':') ? `[${address}]` : address;

  return {
    url: `http://${shown}:${bound}/?token=${token}`,
    port: bound,
    async close() {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refuse = (status: number, sentence: string) =>
      response.writeHead(status, { ...security, 'Content-Type': 'text/plain; charset=utf-8' }).end(`${sentence}\n`);
    try {
      const url = addressOf(request);
      if (!url || !hostAllowed(request.headers.host, address))
        return void refuse(403, 'This is not the address of this Lowland.');
      if (request.method !== 'GET' && request.method !== 'HEAD') return void refuse(405, 'Only GET is answered here.');
      if (!sameToken(tokenOf(url, request.headers.cookie, cookie), token))
        return void refuse(403, 'Open the address that lowland serve printed: it holds the token.');
      if (url.searchParams.has('token')) {
        const set = `${cookie}=${token}; HttpOnly; SameSite=Strict; Path=/`;
        return void response.writeHead(302, { ...security, Location: url.pathname, 'Set-Cookie': set }).end();
      }
      const file = await readStatic(folder, url.pathname);
      if (!file) return void refuse(404, 'There is no such file.');
      const policy = contentPolicy(`ws://${String(request.headers.host)} wss://${String(request.headers.host)}`);
      response
        .writeHead(200, { ...security, 'Content-Type': file.type, 'Content-Security-Policy': policy })
        .end(request.method === 'HEAD' ? undefined : file.bytes);
    } catch {
      refuse(500, 'The file could not be read.');
    }
  }

  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const refuse = (status: string) => socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
    socket.on('error', () => undefined);
    const url = addressOf(request);
    if (!url || !hostAllowed(request.headers.host, address) || !originAllowed(request.headers))
      return void refuse('403 Forbidden');
    if (url.pathname !== '/channel') return void refuse('404 Not Found');
    if (!sameToken(tokenOf(url, request.headers.cookie, cookie), token)) return void refuse('401 Unauthorized');
    if (sockets.clients.size >= maxSockets) return void refuse('503 Service Unavailable');
    sockets.handleUpgrade(request, socket, head, (open) => void host.connect(socketConnection(open)));
  }
}

const newToken = (): string => randomBytes(24).toString('base64url');

function addressOf({ url = '/' }: IncomingMessage): URL | undefined {
  try {
    return new URL(url, 'http://lowland');
  } catch {
    return undefined;
  }
}

function listening(server: Server, address: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const code = systemCode(error);
      const why: Readonly<Record<string, [string, string]>> = {
        EADDRINUSE: [`Port ${port} of ${address} is in use.`, 'Choose another with --port, or 0 for any that is free.'],
        EADDRNOTAVAIL: [`'${address}' is not an address of this machine.`, 'Use --host 127.0.0.1.'],
        ENOTFOUND: [`'${address}' is not an address.`, 'Use --host 127.0.0.1.'],
        EACCES: [`Port ${port} needs more rights than this process has.`, 'Choose one above 1023.'],
      };
      const [sentence, hint] = why[code ?? ''] ?? [`Cannot listen on ${address}:${port}: ${error.message}`, undefined];
      reject(new AppError('FAILED', sentence, hint, error));
    });
    server.listen(port, address, resolve);
  });
}
