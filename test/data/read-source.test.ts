import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { gzipSync, inflateSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CheckedData, readSource } from '../../core/data/read-source';
import { binaryLayout, pythonLayout } from '../../core/data/sources/cifar';
import type { Layout, Source } from '../../core/data/sources/source';
import { matLayout } from '../../core/data/sources/svhn';
import { silent } from '../../core/lib/progress';

const fixture = (name: string) => path.join(import.meta.dirname, '../fixtures/data/readers', name);
const labels = [3, 0, 9, 1, 9, 4];
const plane = (row: number, at: number) => (row * 31 + at * 7 + Math.floor(at / 32)) % 256;
/** The image of a row in NHWC, from the formula of make.py. */
const image = (row: number) =>
  Uint8Array.from({ length: 3072 }, (_, i) => plane(row, (i % 3) * 1024 + Math.floor(i / 3)));
const rowBytes = (row: number) =>
  Buffer.from([labels[row] ?? 0, ...Array.from({ length: 3072 }, (_, i) => plane(row, i))]);
const members: Record<string, Buffer> = {
  'data_batch_1.bin': Buffer.concat([rowBytes(0), rowBytes(1)]),
  'data_batch_2.bin': Buffer.concat([rowBytes(2), rowBytes(3)]),
  'test_batch.bin': Buffer.concat([rowBytes(4), rowBytes(5)]),
};

const largest = 10_000;
const form = (suffix: string) => ({
  classes: 10,
  train: [1, 2].map((i) => ({ name: `data_batch_${i}${suffix}`, largest })),
  test: { name: `test_batch${suffix}`, largest },
});
const tiny: Source = {
  title: 'Tiny',
  classes: Array.from('0123456789'),
  images: { train: 4, test: 2 },
  layouts: [binaryLayout(form('.bin'), 1), pythonLayout(form(''), 'labels')],
  downloads: [],
};
const withLayout = (...layouts: Layout[]): Source => ({ ...tiny, layouts });

type Header = { name: string; type?: 'file' | 'symlink'; linkname?: string };
async function tar(entries: readonly (readonly [Header, Buffer])[]): Promise<Buffer> {
  const archive = pack();
  for (const [header, content] of entries) archive.entry(header, content);
  archive.finalize();
  const parts: Buffer[] = [];
  for await (const part of archive as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts);
}
const whole = () => Object.entries(members).map(([name, content]) => [{ name: `cifar/${name}` }, content] as const);

let root = '';
beforeAll(async () => (root = await mkdtemp(path.join(os.tmpdir(), 'lowland-source-'))));
afterAll(() => rm(root, { recursive: true, force: true }));
const file = async (name: string, content: Uint8Array) => {
  await mkdir(path.dirname(path.join(root, name)), { recursive: true });
  await writeFile(path.join(root, name), content);
  return path.join(root, name);
};
const read = (place: string, source = tiny, signal = new AbortController().signal) =>
  readSource(source, place, { progress: silent, signal });

function expectImages({ data }: CheckedData): void {
  expect([...data.train.labels, ...data.test.labels]).toEqual(labels);
  expect(data.train.shape).toEqual([32, 32, 3]);
  const pixels = Buffer.concat([Buffer.from(data.train.pixels), Buffer.from(data.test.pixels)]);
  expect(pixels.equals(Buffer.concat(labels.map((_, row) => image(row))))).toBe(true);
}

test.each([
  [
    'a folder',
    async () => {
      for (const [name, content] of Object.entries(members)) await file(`folder/deeper/${name}`, content);
      return path.join(root, 'folder');
    },
  ],
  ['a tar', async () => file('cifar.tar', await tar(whole()))],
  ['a tar.gz', async () => file('cifar.tar.gz', gzipSync(await tar(whole())))],
  ['a tar.xz', async () => fixture('cifar-tiny.tar.xz')],
  ['pickles of Python 2', async () => fixture('cifar-tiny-python2')],
  ['pickles of Python 3', async () => fixture('cifar-tiny-python3')],
])('%s gives the same images', async (_, make) => {
  const checked = await read(await make());
  expectImages(checked);
  expect(checked.files.map(({ ok }) => ok)).toEqual([null, null, null]);
});

test('MAT-files give the same images, 10 standing for 0', async () => {
  const layout = matLayout({ name: 'train_32x32.mat', largest: 65536 }, { name: 'test_32x32.mat', largest: 65536 });
  expectImages(await read(fixture(''), withLayout(layout)));
});

const summed = (md5: string) =>
  withLayout(binaryLayout({ ...form('.bin'), test: { name: 'test_batch.bin', largest, md5 } }, 1));

test('sums are compared member by member', async () => {
  const place = await file('sums.tar', await tar(whole()));
  const md5 = createHash('md5')
    .update(members['test_batch.bin'] ?? '')
    .digest('hex');
  expect((await read(place, summed(md5))).files[2]).toEqual({ name: 'test_batch.bin', sum: md5, ok: true });
  await expect(read(place, summed('0'.repeat(32)))).rejects.toMatchObject({
    code: 'CHECKSUM',
    message: expect.stringMatching(new RegExp(`'test_batch.bin'.*${md5}.*it should be 0000`)),
  });
});

test('an archive with the published sum vouches for its members; packed anew it is read all the same', async () => {
  const packed = gzipSync(await tar(whole()));
  const md5 = createHash('md5').update(packed).digest('hex');
  const published = { ...tiny, downloads: [{ file: 'tiny.tar.gz', urls: [], md5 }] };
  const official = await read(await file('mine.tar.gz', packed), published);
  expectImages(official);
  expect(official.files[0]).toEqual({ name: 'mine.tar.gz', sum: md5, ok: true });
  expect(official.files.map(({ ok }) => ok)).toEqual([true, true, true, true]);
  for (const place of [await file('tiny.tar', await tar(whole())), fixture('cifar-tiny.tar.xz')]) {
    const other = await read(place, published);
    expectImages(other);
    expect(other.files.map(({ ok }) => ok)).toEqual([null, null, null]);
  }
});

const swapped = (name: string, content: Buffer) =>
  tar(whole().map(([header, bytes]) => [header, header.name.endsWith(name) ? content : bytes] as const));
const batch1 = () => readFile(fixture('cifar-tiny-python2/data_batch_1'));
async function pickle(edit: (bytes: Buffer) => Buffer): Promise<string> {
  for (const name of ['data_batch_2', 'test_batch'])
    await file(`pickles/${name}`, await readFile(fixture(`cifar-tiny-python2/${name}`)));
  await file('pickles/data_batch_1', edit(await batch1()));
  return path.join(root, 'pickles');
}
const replaced = (bytes: Buffer, from: string, to: string) =>
  Buffer.from(bytes.toString('latin1').replace(from, to), 'latin1');

test.each<[string, () => Promise<string>, string, RegExp]>([
  ['a missing folder', async () => path.join(root, 'nowhere'), 'NOT_FOUND', /nowhere' does not exist/],
  [
    'an empty folder',
    async () => path.dirname(await file('empty/readme', Buffer.from('x'))),
    'NOT_FOUND',
    /no files of Tiny/,
  ],
  [
    'a missing member',
    async () => file('two.tar', await tar(whole().slice(0, 2))),
    'NOT_FOUND',
    /lacks 'test_batch.bin' of the binary/,
  ],
  [
    'a member cut off',
    async () => file('cut.tar', await swapped('test_batch.bin', rowBytes(4).subarray(0, 3000))),
    'BAD_FILE',
    /3000 bytes, which are not whole rows/,
  ],
  [
    'a label that is no class',
    async () =>
      file('label.tar', await swapped('test_batch.bin', Buffer.concat([Buffer.from([10]), rowBytes(4).subarray(1)]))),
    'BAD_DATA',
    /Label 10 of image 0 in 'test_batch.bin'/,
  ],
  [
    'too few images',
    async () => file('few.tar', await swapped('test_batch.bin', rowBytes(4))),
    'BAD_DATA',
    /4 training and 1 test images; Tiny has 4 and 2/,
  ],
  [
    'a member too large',
    async () => file('large.tar', await swapped('test_batch.bin', Buffer.alloc(200_000))),
    'BAD_FILE',
    /200,000 bytes; it should have at most/,
  ],
  [
    'a member twice',
    async () => file('twice.tar', await tar([...whole(), ...whole()])),
    'BAD_FILE',
    /'data_batch_1.bin' twice/,
  ],
  [
    'an archive cut off',
    async () => file('torn.tar.gz', gzipSync(await tar(whole())).subarray(0, 300)),
    'BAD_FILE',
    /cut off/,
  ],
  [
    'a damaged archive',
    async () => file('bad.tar.xz', (await readFile(fixture('cifar-tiny.tar.xz'))).fill(7, 200, 260)),
    'BAD_FILE',
    /damaged/,
  ],
  [
    'an xz cut off',
    async () => file('torn.tar.xz', (await readFile(fixture('cifar-tiny.tar.xz'))).subarray(0, 400)),
    'BAD_FILE',
    /damaged|cut off/,
  ],
  ['no archive', async () => file('text.tar', Buffer.alloc(2048, 'no archive')), 'BAD_FILE', /damaged/],
  [
    'a path that leaves the archive',
    async () => file('escape.tar', await tar([[{ name: '../data_batch_1.bin' }, rowBytes(0)]])),
    'BAD_FILE',
    /'..\/data_batch_1.bin', whose path leaves/,
  ],
  [
    'an absolute path',
    async () => file('absolute.tar', await tar([[{ name: '/etc/data_batch_1.bin' }, rowBytes(0)]])),
    'BAD_FILE',
    /leaves the archive/,
  ],
  [
    'a link as member',
    async () =>
      file(
        'link.tar',
        await tar([[{ name: 'test_batch.bin', type: 'symlink', linkname: '/etc/hosts' }, Buffer.alloc(0)]]),
      ),
    'BAD_FILE',
    /is a symlink, not a file/,
  ],
  [
    'an archive that unpacks without end',
    async () => file('bomb.tar.gz', gzipSync(await tar([[{ name: 'zeros' }, Buffer.alloc(80 << 20)]]))),
    'BAD_FILE',
    /unpacks to more than/,
  ],
  [
    'a member that unpacks without end',
    async () => file('bomb.tar', await swapped('test_batch.bin', gzipSync(Buffer.alloc(20 << 20)))),
    'BAD_FILE',
    /unpacks to more than 10,000 bytes/,
  ],
  [
    'a pickle that asks for code',
    () => pickle((bytes) => replaced(bytes, 'numpy\ndtype', 'posix\nsyst_')),
    'BAD_FILE',
    /asks for 'posix.syst_'/,
  ],
  [
    'a pickle with a strange opcode',
    () => pickle((bytes) => replaced(bytes, '\x80\x02}', '\x80\x02i')),
    'BAD_FILE',
    /opcode 0x69/,
  ],
  [
    'a pickle of another type of values',
    () => pickle((bytes) => replaced(bytes, 'u1', 'f8')),
    'BAD_FILE',
    /other than a uint8 array/,
  ],
  [
    'a pickle without labels',
    () => pickle((bytes) => replaced(bytes, 'labels', 'lobels')),
    'BAD_FILE',
    /holds no 'data' and 'labels'/,
  ],
  ['a pickle cut off', () => pickle((bytes) => bytes.subarray(0, 3000)), 'BAD_FILE', /cut off/],
  [
    'a pickle of a newer protocol',
    () => pickle((bytes) => replaced(bytes, '\x80\x02', '\x80\x09')),
    'BAD_FILE',
    /protocol 9/,
  ],
])('%s is refused in one sentence', async (_, make, code, message) => {
  await expect(read(await make())).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
});

test.each<[string, (bytes: Buffer) => Buffer, RegExp]>([
  ['cut off', (bytes) => bytes.subarray(0, 400), /cut off|damaged/],
  ['of version 7.3', (bytes) => Buffer.concat([Buffer.from('MATLAB 7.3'), bytes.subarray(10)]), /HDF5/],
  ['something else', (bytes) => Buffer.alloc(bytes.length, 1), /no MATLAB 5.0/],
])('a MAT-file %s is refused', async (name, edit, message) => {
  await file(`mat ${name}/train_32x32.mat`, edit(await readFile(fixture('train_32x32.mat'))));
  await file(`mat ${name}/test_32x32.mat`, await readFile(fixture('test_32x32.mat')));
  const layout = matLayout({ name: 'train_32x32.mat', largest: 65536 }, { name: 'test_32x32.mat', largest: 65536 });
  await expect(read(path.join(root, `mat ${name}`), withLayout(layout))).rejects.toMatchObject({
    code: 'BAD_FILE',
    message: expect.stringMatching(message),
  });
});

/** The MAT-file with its compressed elements unpacked. */
function inflated(mat: Buffer): Buffer {
  const parts = [mat.subarray(0, 128)];
  for (let at = 128; at < mat.length;) {
    const next = at + 8 + mat.readUInt32LE(at + 4);
    parts.push(inflateSync(mat.subarray(at + 8, next)));
    at = next;
  }
  return Buffer.concat(parts);
}

test('a label 0 in a MAT-file is refused in a sentence of its own', async () => {
  const [train, y] = [inflated(await readFile(fixture('train_32x32.mat'))), '\x02\0\x04\0\x03\x0a\x09\x01'];
  await file('mat zero/train_32x32.mat', replaced(train, y, y.replace('\x0a', '\0')));
  await file('mat zero/test_32x32.mat', await readFile(fixture('test_32x32.mat')));
  const layout = matLayout({ name: 'train_32x32.mat', largest: 65536 }, { name: 'test_32x32.mat', largest: 65536 });
  await expect(read(path.join(root, 'mat zero'), withLayout(layout))).rejects.toMatchObject({
    code: 'BAD_DATA',
    message: "Label 0 of image 1 in 'train_32x32.mat' is no class: these files write 1 to 9, and 10 for the digit 0.",
  });
});

test('reading stops when it is cancelled', async () => {
  await expect(read(fixture('cifar-tiny.tar.xz'), tiny, AbortSignal.abort())).rejects.toMatchObject({
    code: 'CANCELLED',
  });
});
