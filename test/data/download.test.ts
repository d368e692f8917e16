import { createHash } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { download } from '../../core/data/download';
import { AppError } from '../../core/lib/errors';

const content = Buffer.from(Array.from({ length: 100_000 }, (_, i) => i % 251));
const md5 = createHash('md5').update(content).digest('hex');

type Answer = (request: IncomingMessage, response: ServerResponse) => void;
let answer: Answer = () => undefined;
let server: Server;
let base = '';
const ranges: (string | undefined)[] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    ranges.push(request.headers.range);
    answer(request, response);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const address = server.address();
  base = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
});
afterAll(() => server.close());

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'lowland-download-'));
  ranges.length = 0;
  answer = serve;
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A server that knows ranges. */
function serve(request: IncomingMessage, response: ServerResponse): void {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  const part = content.subarray(from);
  response.writeHead(from > 0 ? 206 : 200, { 'content-length': part.length }).end(part);
}
/** Sends half of what is asked for and cuts the line. */
const cut: Answer = (_, response) => {
  response.writeHead(200, { 'content-length': content.length });
  response.write(content.subarray(0, 50_000), () => setTimeout(() => response.destroy(), 50));
};

const moved: number[] = [];
const progress = { update: (_: string, done: number) => void moved.push(done), note: () => undefined };
const get = (urls = [`${base}/file`], sum: string | undefined = md5, signal = new AbortController().signal) =>
  download({ file: 'file.bin', urls, ...(sum && { md5: sum }) }, folder, { progress, signal });
const refused = (code: string, message: RegExp, hint = /./) => ({
  code,
  message: expect.stringMatching(message),
  hint: expect.stringMatching(hint),
});

test('a file is fetched, checked, and not fetched again', async () => {
  moved.length = 0;
  expect((await readFile(await get())).equals(content)).toBe(true);
  expect(moved.at(-1)).toBe(content.length);
  expect(await readdir(folder)).toEqual(['file.bin']);
  await get();
  expect(ranges).toEqual([undefined]);
});

test('a download that was cut goes on where it stopped', async () => {
  answer = cut;
  await expect(get()).rejects.toMatchObject(refused('NO_NETWORK', /Cannot download 'http.*file'/, /--from PATH/));
  answer = serve;
  expect((await readFile(await get())).equals(content)).toBe(true);
  expect(ranges[1]).toMatch(/^bytes=[1-9]\d*-$/);
});

test('a server that knows no ranges sends all again', async () => {
  await writeFile(path.join(folder, 'file.bin.part'), content.subarray(0, 300));
  answer = (_, response) => response.writeHead(200).end(content);
  expect((await readFile(await get())).equals(content)).toBe(true);
});

test('a part that is already whole is enough', async () => {
  await writeFile(path.join(folder, 'file.bin.part'), content);
  answer = (_, response) => response.writeHead(416).end();
  expect((await readFile(await get())).equals(content)).toBe(true);
});

test('another content is refused and leaves nothing', async () => {
  answer = (_, response) => response.writeHead(200).end('<html>moved</html>');
  await expect(get()).rejects.toMatchObject(refused('CHECKSUM', new RegExp(`it should be ${md5}`)));
  expect(await readdir(folder)).toEqual([]);
});

test('when one address fails the next is tried', async () => {
  answer = (request, response) =>
    request.url === '/gone' ? response.writeHead(404, 'Not Found').end() : serve(request, response);
  expect((await readFile(await get([`${base}/gone`, `${base}/file`]))).equals(content)).toBe(true);
  await expect(get([`${base}/gone`], '0'.repeat(32))).rejects.toMatchObject(
    refused('NO_NETWORK', /answers 404 Not Found/),
  );
});

test('without a network there is one clear sentence', async () => {
  await expect(get(['http://127.0.0.1:9/file'])).rejects.toMatchObject(
    refused('NO_NETWORK', /Cannot download 'http:\/\/127.0.0.1:9\/file'/, /Check the network.*--from/),
  );
});

test('cancelling keeps what came', async () => {
  const controller = new AbortController();
  answer = (_, response) => {
    response.writeHead(200, { 'content-length': content.length });
    response.write(content.subarray(0, 50_000), () => setTimeout(() => controller.abort(), 50));
  };
  const failure = await get(undefined, md5, controller.signal).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(AppError);
  expect(failure).toMatchObject({ code: 'CANCELLED' });
  answer = serve;
  expect((await readFile(await get())).equals(content)).toBe(true);
  expect(ranges[1]).toMatch(/^bytes=[1-9]/);
});
