/** The server of the browser shell: who is let in, which files there are, what a socket may send. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { decodeFrame, encodeFrame } from '../../core/contract/codec';
import { AppError } from '../../core/lib/errors';
import { createHost } from '../../core/host/host';
import { hostAllowed, originAllowed, sameToken } from '../../core/host/web/access';
import { type Served, serveWeb } from '../../core/host/web/server';
import { fileBelow } from '../../core/host/web/static';

const folder = path.join(tmpdir(), `lowland-web-${process.pid}`);
const site = path.join(folder, 'site');
const token = 'the-token';
const host = createHost({
  dataFolder: folder,
  spawn: () => {
    throw new AppError('ENGINE', 'No processes in this test.');
  },
});
let served: Served;

beforeAll(async () => {
  await mkdir(path.join(site, 'assets'), { recursive: true });
  await writeFile(path.join(site, 'index.html'), '<!doctype html><title>Lowland</title>');
  await writeFile(path.join(site, 'assets', 'a.js'), 'export {};');
  await writeFile(path.join(folder, 'secret.html'), 'secret');
  served = await serveWeb(host, { address: '127.0.0.1', port: 0, folder: site, token });
});
afterAll(async () => {
  await served.close();
  await host.dispose();
  await rm(folder, { recursive: true, force: true });
});

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}
const get = (address: string, headers: Record<string, string> = {}, method = 'GET') =>
  new Promise<Answer>((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: served.port, path: address, headers, method }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => (text += part));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }));
    });
    sent.on('error', reject);
    sent.end();
  });
const cookie = () => ({ cookie: `lowland-${served.port}=${token}` });

/** Opens a socket; resolves with what came of it. */
const dial = (headers: Record<string, string>, address = '/channel') =>
  new Promise<{ socket: WebSocket; refused?: string }>((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${served.port}${address}`, { headers });
    socket.once('open', () => resolve({ socket }));
    socket.once('error', (error) => resolve({ socket, refused: error.message }));
  });

describe('the server', () => {
  it('takes the token once from the address, then from the cookie', async () => {
    const first = await get(`/?token=${token}`);
    expect(first).toMatchObject({ status: 302, headers: { location: '/' } });
    expect(String(first.headers['set-cookie'])).toMatch(/HttpOnly; SameSite=Strict/);
    const page = await get('/', cookie());
    expect(page).toMatchObject({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8' } });
    expect(page.headers['content-security-policy']).toMatch(/script-src 'self';/);
    expect(page.headers['content-security-policy']).not.toMatch(/unsafe/);
  });

  it.each([
    ['no token', '/', {}, 403],
    ['another token', '/?token=guess', {}, 403],
    ['an empty token', '/?token=', {}, 403],
    ['the name of another host', `/?token=${token}`, { host: 'evil.example' }, 403],
    ['a file that is not there', `/nothing.js?x`, 'cookie', 404],
    ['a folder', '/assets', 'cookie', 404],
  ] as const)('refuses %s', async (_what, address, headers, status) => {
    expect(await get(address, headers === 'cookie' ? cookie() : headers)).toMatchObject({ status });
  });

  it.each([
    '/../secret.html',
    '/%2e%2e/secret.html',
    '/assets/..%2f..%2fsecret.html',
    '/..%5csecret.html',
    '/%00',
    '/%zz',
  ])('does not leave its folder for %s', async (address) => {
    const { status, text } = await get(address, cookie());
    expect(status).toBe(404);
    expect(text).not.toContain('secret');
  });

  it('answers GET alone', async () => {
    expect(await get('/', cookie(), 'POST')).toMatchObject({ status: 405 });
  });

  it('says that a port is in use', async () => {
    await expect(serveWeb(host, { address: '127.0.0.1', port: served.port, folder: site })).rejects.toThrow(
      `Port ${served.port} of 127.0.0.1 is in use.`,
    );
    await expect(serveWeb(host, { address: '203.0.113.9', port: 0, folder: site })).rejects.toThrow(/not an address/);
  });
});

describe('the socket', () => {
  it('opens with the token and speaks the channel', async () => {
    const { socket } = await dial(cookie());
    const answer = new Promise((resolve) => socket.once('message', (data: Buffer) => resolve(decodeFrame(data))));
    socket.send(encodeFrame({ type: 'hello', version: 1 }));
    socket.send(encodeFrame({ type: 'call', id: 0, name: 'app.info', input: {} }));
    expect(await answer).toMatchObject({ type: 'result', id: 0, value: { dataFolder: folder } });
    socket.close();
  });

  it.each([
    ['no token', () => ({}), '/channel', /401/],
    ['a page of another origin', () => ({ ...cookie(), origin: 'http://evil.example' }), '/channel', /403/],
    ['another host', () => ({ ...cookie(), host: 'evil.example' }), '/channel', /403/],
    ['another path', cookie, '/elsewhere', /404/],
  ])('refuses %s', async (_what, headers, address, status) => {
    expect((await dial(headers(), address)).refused).toMatch(status);
  });

  it.each([
    ['text', 'hello'],
    ['bytes that are no frame', Buffer.from([1, 2, 3, 4, 5, 6])],
    ['a message that is none', encodeFrame({ type: 'hello', version: 1, extra: true })],
  ])('ends a socket that sends %s, and serves the next', async (_what, data) => {
    const { socket } = await dial(cookie());
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.send(data);
    await closed;
    const next = await dial(cookie());
    expect(next.refused).toBeUndefined();
    next.socket.close();
  });
});

describe('an oversized frame', () => {
  it('ends the socket as soon as its length is told', async () => {
    const { socket } = await dial(cookie());
    const closed = new Promise((resolve) => socket.once('close', resolve));
    const raw: unknown = Reflect.get(socket, '_socket');
    // a masked binary frame of 2^32 bytes, of which only the head is sent
    (raw as { write(bytes: Uint8Array): void }).write(
      Uint8Array.from([0x82, 0xff, 0, 0, 0, 1, 0, 0, 0, 0, 1, 2, 3, 4]),
    );
    expect(await closed).toBe(1009);
  });
});

describe('access', () => {
  it('compares tokens of any length', () => {
    expect(sameToken('a', 'a')).toBe(true);
    expect(sameToken('', 'a')).toBe(false);
    expect(sameToken('aa', 'a')).toBe(false);
  });

  it.each([
    ['localhost:9', '127.0.0.1', true],
    ['127.0.0.1:9', '127.0.0.1', true],
    ['[::1]:9', '::1', true],
    ['evil.example', '127.0.0.1', false],
    ['127.0.0.1.evil.example', '127.0.0.1', false],
    ['192.168.1.5:9', '127.0.0.1', false],
    ['192.168.1.5:9', '0.0.0.0', true],
    ['evil.example', '0.0.0.0', false],
    ['', '127.0.0.1', false],
    ['a b', '0.0.0.0', false],
  ])('host %s on %s: %s', (header, listening, allowed) => {
    expect(hostAllowed(header, listening)).toBe(allowed);
  });

  it('lets a page of its own origin in, and programs that have none', () => {
    expect(originAllowed({ host: 'localhost:1', origin: 'http://localhost:1' })).toBe(true);
    expect(originAllowed({ host: 'localhost:1' })).toBe(true);
    expect(originAllowed({ host: 'localhost:1', origin: 'http://localhost:2' })).toBe(false);
    expect(originAllowed({ host: 'localhost:1', origin: 'null' })).toBe(false);
  });

  it('finds files below its folder only', () => {
    expect(fileBelow('/site', '/a/b.js')).toBe('/site/a/b.js');
    expect(fileBelow('/site', '/../site-2/a.js')).toBeUndefined();
  });
});
