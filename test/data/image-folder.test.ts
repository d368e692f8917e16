import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { deflateSync } from 'node:zlib';
import { encode as encodePng } from 'fast-png';
import { encode as encodeJpeg } from 'jpeg-js';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { decodeImage } from '../../core/data/formats/image';
import { readImageFolder } from '../../core/data/formats/image-folder';

const roots: string[] = [];
let root = '';
beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'lowland-images-'));
  roots.push(root);
});
afterAll(() => Promise.all(roots.map((folder) => rm(folder, { recursive: true, force: true }))));

const values = (channels: number, first: number, size = 12) =>
  Uint8Array.from({ length: size * channels }, (_, i) => (first + 3 * i) % 256);
const png = (channels: number, first = 0, [width, height] = [4, 3]) =>
  encodePng({
    width: width ?? 1,
    height: height ?? 1,
    channels,
    depth: 8,
    data: values(channels, first, (width ?? 1) * (height ?? 1)),
  });
const put = async (name: string, bytes: Uint8Array) => {
  await mkdir(path.dirname(path.join(root, name)), { recursive: true });
  await writeFile(path.join(root, name), bytes);
};
const reading = { signal: new AbortController().signal, moved: () => undefined };
const read = () => readImageFolder(root, reading);

test('each subfolder is a class, in the order of their names; one coloured image makes all coloured', async () => {
  await put('dog/2.png', png(3, 9));
  await put('cat/1.png', png(1, 5));
  await put('cat/0.png', png(4, 7));
  await put('cat/notes.txt', Buffer.from('not an image'));
  const { classes, train, test: held } = await read();
  expect(classes).toEqual(['cat', 'dog']);
  expect(held).toBeUndefined();
  expect([train.shape, train.size, [...train.labels]]).toEqual([[3, 4, 3], 3, [0, 0, 1]]);
  const opaque = values(4, 7).filter((_, i) => i % 4 < 3);
  const grey = [...values(1, 5)].flatMap((value) => [value, value, value]);
  expect([...train.pixels]).toEqual([...opaque, ...grey, ...values(3, 9)]);
});

test('folders train and test are the splits, grey images stay grey, JPEG is read too', async () => {
  const data = new Uint8Array(12 * 4).fill(100).map((value, i) => (i % 4 === 3 ? 255 : value));
  await put('train/a/0.jpg', encodeJpeg({ width: 4, height: 3, data }, 100).data);
  await put('train/b/0.png', png(1));
  await put('test/b/0.png', png(2));
  const { classes, train, test: held } = await read();
  expect(classes).toEqual(['a', 'b']);
  expect([train.shape, [...train.labels]]).toEqual([
    [3, 4, 1],
    [0, 1],
  ]);
  expect([...train.pixels.subarray(0, 12)]).toEqual(new Array(12).fill(100));
  expect([held?.size, [...(held?.labels ?? [])]]).toEqual([1, [1]]);
  expect([...(held?.pixels ?? [])]).toEqual([...values(2, 0)].filter((_, i) => i % 2 === 0));
});

test('16-bit images keep their high byte', () => {
  const data = Uint16Array.from({ length: 4 }, (_, i) => 257 * i * 60);
  const { pixels } = decodeImage(encodePng({ width: 2, height: 2, channels: 1, depth: 16, data }), 'deep.png');
  expect([...pixels]).toEqual([0, 60, 120, 180]);
});

function chunk(type: string, data: Uint8Array): Buffer {
  const bytes = Buffer.alloc(12 + data.length);
  bytes.writeUInt32BE(data.length);
  bytes.write(type, 4, 'latin1');
  bytes.set(data, 8);
  return bytes;
}
const header = (width: number, height: number) => {
  const data = Buffer.alloc(13);
  data.writeUInt32BE(width);
  data.writeUInt32BE(height, 4);
  data[8] = 8;
  return chunk('IHDR', data);
};
const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const bomb = (width: number, height: number) =>
  Buffer.concat([
    signature,
    header(width, height),
    chunk('IDAT', deflateSync(Buffer.alloc(8 << 20))),
    chunk('IEND', Buffer.alloc(0)),
  ]);

test.each<[string, () => Promise<void>, string, RegExp]>([
  ['no subfolders', () => put('0.png', png(1)), 'BAD_DATA', /no subfolders/],
  [
    'a class without images',
    async () => {
      await put('a/0.png', png(1));
      await mkdir(path.join(root, 'b'));
    },
    'BAD_DATA',
    /b' has no PNG or JPEG/,
  ],
  [
    'images of two sizes',
    async () => {
      await put('a/0.png', png(1));
      await put('a/1.png', png(1, 0, [5, 3]));
    },
    'BAD_DATA',
    /1.png' is 5x3; .*0.png' is 4x3/,
  ],
  [
    'a class that training has not',
    async () => {
      await put('train/a/0.png', png(1));
      await put('test/b/0.png', png(1));
    },
    'BAD_DATA',
    /'b' in .*no class of the training images/,
  ],
  [
    'a text that is called an image',
    () => put('a/0.png', Buffer.from('hello')),
    'BAD_FILE',
    /0.png' is no PNG or JPEG/,
  ],
  ['an image cut off', () => put('a/0.png', png(3).subarray(0, 50)), 'BAD_FILE', /0.png'/],
  [
    'a JPEG cut off',
    () => put('a/0.jpg', encodeJpeg({ width: 4, height: 3, data: new Uint8Array(48) }, 90).data.subarray(0, 200)),
    'BAD_FILE',
    /0.jpg'/,
  ],
  ['an image of huge sides', () => put('a/0.png', bomb(60_000, 2)), 'BAD_FILE', /60000x2/],
  ['a small image that unpacks without end', () => put('a/0.png', bomb(4, 3)), 'BAD_FILE', /unpacks to more than/],
])('%s is refused in one sentence', async (_, make, code, message) => {
  await make();
  await expect(read()).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
});

test('links are not followed', async () => {
  await put('a/0.png', png(1));
  await symlink(path.join(root, 'a', '0.png'), path.join(root, 'a', '1.png'));
  await symlink(path.join(root, 'a'), path.join(root, 'b'));
  const { classes, train } = await read();
  expect([classes, train.size]).toEqual([['a'], 1]);
});
