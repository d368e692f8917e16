import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundle } from '../bundle';

let entry: string;
beforeAll(async () => (entry = await bundle('test/cli/child.ts')));
afterAll(() => rm(path.dirname(entry), { recursive: true, force: true }));

function start(...args: string[]) {
  const child = spawn(process.execPath, [entry, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const heard = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (heard.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (heard.err += text));
  const ended = once(child, 'close').then(([code]: unknown[]) => ({ code, ...heard }));
  return { child, ended, waiting: once(child.stderr, 'data') };
}

test('a process ends although something still holds it open', async () => {
  expect(await start('hang', '--json').ended).toEqual({ code: 0, out: '{"ended":true}\n', err: '' });
});

test('what libraries print does not reach stdout, and a long document arrives whole', async () => {
  const { code, out, err } = await start('noise', '--json').ended;
  expect({ code, length: JSON.parse(out).length }).toEqual({ code: 0, length: 200_000 });
  expect(err).toBe('a library speaks\na note\n');
});

test('Ctrl-C stops cleanly with 130; a wrapper that passes it on as well is no second one', async () => {
  const { child, ended, waiting } = start('wait', '--json');
  await waiting;
  child.kill('SIGINT');
  child.kill('SIGINT');
  expect(await ended).toMatchObject({ code: 130, out: '', err: expect.stringContaining('error[CANCELLED]') });
});

test('a second Ctrl-C leaves at once', async () => {
  const { child, ended, waiting } = start('deaf');
  await waiting;
  child.kill('SIGINT');
  await wait(1200);
  child.kill('SIGINT');
  expect(await ended).toMatchObject({ code: 130, out: '' });
});

test('a rejection that nobody waits for ends the process with one sentence', async () => {
  expect(await start('orphan').ended).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringMatching(/^error\[FAILED\]: nobody waits for this\n/),
  });
});

test('a reader that leaves early does no harm', async () => {
  const { child, ended } = start('noise', '--json');
  child.stdout.destroy();
  expect(await ended).toMatchObject({ code: 0, err: expect.not.stringContaining('EPIPE') });
});
