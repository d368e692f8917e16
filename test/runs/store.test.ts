import { appendFile, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createRun, readEvents, readManifest, removeRun, resumeRun, type RunRequest } from '../../core/runs/store';
import { listCheckpoints } from '../../core/runs/checkpoints';

const request: RunRequest = { kind: 'train', name: 'a', configuration: { epochs: 2 }, seed: 7, engine: 'cpu' };
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
let root: string;
let folder: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'lowland-runs-'));
  folder = path.join(root, 'run');
});
afterEach(() => rm(root, { recursive: true, force: true }));

test('a run keeps its manifest, events, images and newest checkpoints', async () => {
  const run = await createRun(folder, request);
  for (let step = 1; step <= 5; step++) {
    run.append({ kind: 'step', step, loss: 1 / step });
    await run.checkpoint(step, { weights: bytes(step), state: bytes(step, step) }, { best: step === 2 });
  }
  await run.image('grid-1.png', bytes(1));
  await run.close('done');

  const manifest = await readManifest(folder);
  expect(manifest).toMatchObject({ ...request, format: 1, status: 'done', timings: { sessions: 1 } });
  expect(manifest.versions).toMatchObject({ node: process.versions.node, tfjs: '4.22.0' });
  expect(await listCheckpoints(folder)).toEqual([
    { step: 5, best: false },
    { step: 4, best: false },
    { step: 2, best: true },
  ]);
  expect((await readEvents(folder)).map(({ seq, step }) => [seq, step])).toEqual(
    [1, 2, 3, 4, 5].map((n) => [n - 1, n]),
  );
  expect((await readdir(folder)).sort()).toEqual(['checkpoints', 'events.jsonl', 'images', 'run.json']);
});

test('a resumed run goes on from the newest checkpoint; later events are kept and marked', async () => {
  const run = await createRun(folder, request);
  run.append({ kind: 'step', step: 1, loss: 1 });
  await run.checkpoint(1, { weights: bytes(1) });
  run.append({ kind: 'step', step: 2, loss: 99 });
  await run.close('stopped');
  await appendFile(path.join(folder, 'events.jsonl'), '{"kind":"step","step":3,"lo');

  const again = await resumeRun(folder);
  expect(await again.latestCheckpoint()).toMatchObject({ step: 1, files: { weights: bytes(1) } });
  again.append({ kind: 'step', step: 2, loss: 0.5 });
  await again.close('done');
  expect((await readEvents(folder)).map(({ kind, step, loss }) => [kind, step, loss])).toEqual([
    ['step', 1, 1],
    ['resume', 1, undefined],
    ['step', 2, 0.5],
  ]);
  const all = await readEvents(folder, { all: true });
  expect(all.map(({ seq, superseded }) => [seq, superseded ?? false])).toEqual([
    [0, false],
    [1, true],
    [2, false],
    [3, false],
  ]);
  expect(await readManifest(folder)).toMatchObject({ status: 'done', timings: { sessions: 2 } });
});

test('a damaged checkpoint is passed over for the one before', async () => {
  const run = await createRun(folder, request);
  await run.checkpoint(1, { weights: bytes(1) });
  await run.checkpoint(2, { weights: bytes(2) });
  await writeFile(path.join(folder, 'checkpoints/step-2/weights'), bytes(3));
  expect(await run.latestCheckpoint()).toMatchObject({ step: 1, files: { weights: bytes(1) } });
  await run.close('done');
});

test('the same step can be checkpointed twice, and the second counts', async () => {
  const run = await createRun(folder, request);
  await run.checkpoint(1, { weights: bytes(1) });
  await run.checkpoint(1, { weights: bytes(2) });
  expect(await run.latestCheckpoint()).toMatchObject({ step: 1, files: { weights: bytes(2) } });
  expect(await readdir(path.join(folder, 'checkpoints'))).toEqual(['step-1']);
  await run.close('done');
});

test('a second writer is refused, naming the first', async () => {
  const run = await createRun(folder, request);
  await expect(resumeRun(folder)).rejects.toMatchObject({
    code: 'LOCKED',
    message: expect.stringContaining(String(process.pid)),
  });
  await expect(removeRun(folder)).rejects.toMatchObject({ code: 'LOCKED' });
  await run.close('done');
  await (await resumeRun(folder)).close('done');
});

test.each([
  ['a process that is gone', JSON.stringify({ pid: 2 ** 22 + 1, host: os.hostname(), started: 'x' })],
  ['a reused pid', JSON.stringify({ pid: process.pid, host: os.hostname(), started: 'another boot/1' })],
  ['half a lock', '{"pid": 1'],
])('a stale lock of %s is taken over', async (_, lock) => {
  await (await createRun(folder, request)).close('stopped');
  await writeFile(path.join(folder, 'lock'), lock);
  await (await resumeRun(folder)).close('done');
});

test('a lock of another machine is respected', async () => {
  await (await createRun(folder, request)).close('stopped');
  await writeFile(path.join(folder, 'lock'), JSON.stringify({ pid: 1, host: 'elsewhere.example', started: 'x' }));
  await expect(resumeRun(folder)).rejects.toMatchObject({
    code: 'LOCKED',
    message: expect.stringContaining('elsewhere.example'),
  });
});

test.each([
  ['a newer format', { format: 2 }, 'NEWER_VERSION'],
  ['a missing field', { format: 1 }, 'BAD_FILE'],
])('run.json of %s is refused', async (_, content, code) => {
  await (await createRun(folder, request)).close('done');
  await writeFile(path.join(folder, 'run.json'), JSON.stringify(content));
  await expect(resumeRun(folder)).rejects.toMatchObject({ code });
});

test('only runs are removed, and only empty folders become runs', async () => {
  await writeFile(path.join(root, 'precious'), '');
  await expect(removeRun(root)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(createRun(root, request)).rejects.toMatchObject({ code: 'NOT_WRITABLE' });
  expect(await readFile(path.join(root, 'precious'), 'utf8')).toBe('');
  await (await createRun(folder, request)).close('done');
  await removeRun(folder);
  expect(await readdir(root)).toEqual(['precious']);
});

test.each(['../out', '/out', '', '.'])('no file goes outside the run: %j', async (name) => {
  const run = await createRun(folder, request);
  await expect(async () => run.file(name, '')).rejects.toMatchObject({ code: 'USAGE' });
  await run.close('done');
});
