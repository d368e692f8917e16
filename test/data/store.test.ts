import { mkdtemp, readFile, readdir, rename, rm, truncate, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import type { SourceData, Split } from '../../core/data/dataset';
import { loadDataset } from '../../core/data/load';
import {
  datasetsFolder,
  loadStored,
  removeStored,
  storeDataset,
  storedManifest,
  storedNames,
} from '../../core/data/store';
import { partial } from '../../core/lib/atomic';

const split = (size: number, seed: number): Split => ({
  shape: [2, 3, 1],
  size,
  labels: Int32Array.from({ length: size }, (_, i) => i % 2),
  pixels: Uint8Array.from({ length: size * 6 }, (_, i) => (seed + 7 * i) % 256),
});
const asFloats = ({ pixels, ...rest }: Split): Split => ({
  ...rest,
  pixels: Float32Array.from(pixels, (v) => v / 255),
});
const bytes: SourceData = { title: 'Tiny', classes: ['a', 'b'], train: split(24, 1), test: split(4, 2) };
const floats: SourceData = { ...bytes, train: asFloats(bytes.train), test: asFloats(bytes.test) };

let root = '';
const roots: string[] = [];
beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'lowland-store-'));
  roots.push(root);
  await storeDataset('tiny', bytes, 'made here', root);
});
afterAll(() => Promise.all(roots.map((folder) => rm(folder, { recursive: true, force: true }))));
const file = (name: string) => path.join(datasetsFolder(root), 'tiny', name);

test.each([
  ['uint8', bytes],
  ['float32', floats],
])('%s images come back as they were', async (values, data) => {
  const manifest = await storeDataset('again', data, 'made here', root);
  expect(manifest).toMatchObject({ format: 1, values, shape: [2, 3, 1], source: 'made here' });
  const loaded = await loadStored('again', root);
  expect(loaded).toMatchObject({ id: 'again', title: 'Tiny', classes: ['a', 'b'], shape: [2, 3, 1] });
  for (const of of ['train', 'test'] as const) {
    expect(loaded?.[of].labels).toEqual(data[of].labels);
    expect(loaded?.[of].pixels).toStrictEqual(data[of].pixels);
  }
  expect(await storedManifest('again', root)).toEqual(manifest);
  expect(await storedNames(root)).toEqual(['again', 'tiny']);
});

test('a stored dataset is loaded by its name, with images held out', async () => {
  const { splits, classes } = await loadDataset('tiny', { dataFolder: root });
  expect(classes).toEqual(['a', 'b']);
  expect([splits.train.size, splits.validation.size, splits.test.size]).toEqual([22, 2, 4]);
});

test('storing again replaces, removing leaves nothing, and only inside the data folder', async () => {
  await storeDataset('tiny', { ...bytes, title: 'Newer' }, 'made here', root);
  expect(await loadStored('tiny', root)).toMatchObject({ title: 'Newer' });
  expect(await removeStored('tiny', root)).toBe(true);
  expect(await removeStored('tiny', root)).toBe(false);
  expect(await readdir(datasetsFolder(root))).toEqual([]);
  expect(await loadStored('tiny', root)).toBeUndefined();
  await writeFile(path.join(root, 'kept'), 'kept');
  for (const name of ['..', '../kept', '.', '', 'a/b', path.join(root, 'kept')])
    await expect(removeStored(name, root)).rejects.toMatchObject({ code: 'USAGE' });
  expect(await readFile(path.join(root, 'kept'), 'utf8')).toBe('kept');
});

const edited = async (edit: (manifest: string) => string) =>
  writeFile(file('manifest.json'), edit(await readFile(file('manifest.json'), 'utf8')));

test.each([
  ['a changed byte', () => writeFile(file('train.pixels'), new Uint8Array(144)), 'CHECKSUM', /SHA-256/],
  ['a cut-off file', () => truncate(file('train.pixels'), 143), 'BAD_FILE', /143 bytes; it should have 144/],
  ['a missing file', () => rm(file('test.labels')), 'NOT_FOUND', /does not exist/],
  ['a missing manifest', () => rm(file('manifest.json')), 'NOT_FOUND', /manifest.json/],
  ['a torn manifest', () => edited((text) => text.slice(0, 100)), 'BAD_FILE', /damaged/],
  ['a newer format', () => edited((text) => text.replace('"format": 1', '"format": 2')), 'NEWER_VERSION', /format 2/],
  ['other numbers', () => edited((text) => text.replace('"images": 24', '"images": 25')), 'BAD_FILE', /damaged/],
  ['a path outside', () => edited((text) => text.replace('train.pixels', '../x.pixels')), 'BAD_FILE', /damaged/],
  [
    'fewer classes',
    () => edited((text) => text.replace(/"classes": \[[^\]]*\]/, '"classes": ["a"]')),
    'BAD_DATA',
    /Label 1/,
  ],
])('%s is refused in one sentence', async (_, damage, code, message) => {
  await damage();
  await expect(loadStored('tiny', root)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
});

test('what a kill leaves beside a dataset is no dataset', async () => {
  const folder = datasetsFolder(root);
  await storeDataset('half', bytes, 'made here', root);
  await rename(path.join(folder, 'half'), path.join(folder, `half${partial}00000000`));
  expect(await storedNames(root)).toEqual(['tiny']);
});
