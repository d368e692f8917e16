import { mkdir, mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { captured } from './captured';

const npz = path.join(import.meta.dirname, '../fixtures/data/npz/bytes.npz');
let parent: string;
let root: string;
beforeAll(async () => {
  parent = await mkdtemp(path.join(os.tmpdir(), 'lowland-data-cli-'));
});
beforeEach(async () => {
  root = await mkdtemp(path.join(parent, 'data-'));
});
afterAll(() => rm(parent, { recursive: true, force: true }));

const cli = (...args: string[]) => captured(...args, '--data-dir', root);
const json = async (...args: string[]): Promise<unknown> => JSON.parse((await cli(...args, '--json')).out);
const pixels = () => path.join(root, 'datasets', 'mine', 'train.pixels');

test("images of one's own: added, listed, checked, counted, removed", async () => {
  expect(await json('data', 'add', 'mine', '--from', npz)).toMatchObject({
    dataset: 'mine',
    images: { train: 10, test: 2 },
    shape: [8, 8, 3],
    classes: ['0', '1', '2'],
  });
  const listed = await json('data', 'list');
  expect(listed).toContainEqual(expect.objectContaining({ id: 'mine', state: 'added', images: 12 }));
  expect(listed).toContainEqual(expect.objectContaining({ id: 'mnist', state: 'not added' }));
  expect(listed).toContainEqual(expect.objectContaining({ id: 'fashion-mnist-mini', state: 'embedded' }));
  expect(await json('data', 'check', 'mine')).toMatchObject({
    images: 12,
    ok: true,
    files: ['train.pixels', 'train.labels', 'test.pixels', 'test.labels'].map((name) => ({ name, ok: true })),
  });
  expect(await json('data', 'stats', 'mine')).toMatchObject({ shape: [8, 8, 3], images: { train: 10, test: 2 } });
  expect((await cli('data', 'remove', 'mine')).code).toBe(0);
  expect(await readdir(path.join(root, 'datasets'))).toEqual([]);
});

test('files are checked where they lie, and nothing is stored', async () => {
  expect(await json('data', 'check', 'any-name', '--from', npz)).toMatchObject({ images: 12, ok: true });
  expect(await readdir(root)).toEqual([]);
});

test('the embedded images have the counts and the statistics of Fashion-MNIST', async () => {
  const { mean, std, classes } = (await json('data', 'stats', 'fashion-mnist-mini')) as {
    mean: number[];
    std: number[];
    classes: unknown[];
  };
  expect([mean.length, mean[0], std[0]]).toEqual([1, expect.closeTo(0.286, 2), expect.closeTo(0.353, 2)]);
  expect(classes).toHaveLength(10);
  expect(classes[0]).toEqual({ name: 'T-shirt/top', train: 1200, test: 200 });
  const checked = await json('data', 'check', 'fashion-mnist-mini');
  expect(checked).toMatchObject({ images: 14_000, ok: true, files: { length: 4 } });
});

test.each([
  ['an unknown dataset', ['add', 'cifar11'], 2, "Unknown dataset 'cifar11'", "'cifar10'"],
  ['one that is always there', ['add', 'toy-moons'], 2, "'toy-moons' is part of Lowland", ''],
  ['a name that leaves the folder', ['add', '../x', '--from', npz], 2, "'../x' is no name", ''],
  ['files that are missing', ['check', 'cifar10', '--from', 'nowhere'], 3, "'nowhere' does not exist", ''],
  ['files of another dataset', ['check', 'cifar10', '--from', path.dirname(npz)], 3, 'no files of CIFAR-10', '.bin'],
  ['one that was not added', ['check', 'mnist'], 3, "'mnist' is not in your data folder", 'data add mnist'],
  ['what is not there to remove', ['remove', 'mine'], 2, "'mine'", ''],
  ['a folder outside', ['remove', '../..'], 2, "'../..'", ''],
])('%s is refused', async (_, args, code, message, hint) => {
  const answer = await cli('data', ...args);
  expect(answer).toMatchObject({ code, out: '' });
  expect(answer.err).toContain(message);
  expect(answer.err).toContain(hint);
});

test('a damaged dataset is refused, listed with the others, and removed', async () => {
  await cli('data', 'add', 'mine', '--from', npz);
  await truncate(pixels(), 100);
  expect(await cli('data', 'check', 'mine')).toMatchObject({ code: 3, err: expect.stringContaining('has 100 bytes') });
  await writeFile(path.join(root, 'datasets', 'mine', 'manifest.json'), '{');
  expect(await json('data', 'list')).toContainEqual(expect.objectContaining({ id: 'mine', state: 'unreadable' }));
  expect((await cli('data', 'remove', 'mine')).code).toBe(0);
});

test('what is there whole is kept, what is damaged is mended', async () => {
  await cli('data', 'add', 'mine', '--from', npz);
  const again = await cli('data', 'add', 'mine', '--from', npz);
  expect(again).toMatchObject({ code: 2, out: '', err: expect.stringContaining("There is a dataset 'mine' already") });
  await truncate(pixels(), 100);
  expect(await json('data', 'add', 'mine', '--from', npz)).toMatchObject({ added: true });
  expect(await json('data', 'check', 'mine')).toMatchObject({ images: 12, ok: true });
});

test('an interrupted download is removed with its dataset, and what else is in the folder is kept', async () => {
  await cli('data', 'add', 'mine', '--from', npz);
  await mkdir(path.join(root, 'downloads', 'mine'), { recursive: true });
  await mkdir(path.join(root, 'downloads', 'other'));
  expect((await cli('data', 'remove', 'mine')).code).toBe(0);
  expect(await readdir(path.join(root, 'downloads'))).toEqual(['other']);
});

test('without the network, --from is the way', async () => {
  const server = createServer((_request, response) => response.writeHead(404).end());
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const gone = await cli('data', 'add', 'mine', '--from', `http://127.0.0.1:${port}/images.npz`);
  await new Promise((closed) => server.close(closed));
  const refused = await cli('data', 'add', 'mine', '--from', `http://127.0.0.1:${port}/images.npz`);
  for (const { code, out, err } of [gone, refused]) {
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('NO_NETWORK');
    expect(err).toContain('--from');
  }
});
