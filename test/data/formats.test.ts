/** idx files in every wrapping, whole and damaged; rows with two label bytes; links in a folder. */
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readSource } from '../../core/data/read-source';
import { binaryLayout } from '../../core/data/sources/cifar';
import { idxLayout } from '../../core/data/sources/mnist';
import type { Source } from '../../core/data/sources/source';
import { silent } from '../../core/lib/progress';

let root = '';
beforeAll(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'lowland-formats-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

type Files = Readonly<Record<string, Uint8Array>>;
const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex');

const idx = (sizes: readonly number[], values: Uint8Array): Uint8Array => {
  const head = Buffer.alloc(4 + 4 * sizes.length);
  head.writeUInt32BE(0x800 + sizes.length);
  sizes.forEach((size, i) => head.writeUInt32BE(size, 4 + 4 * i));
  return Buffer.concat([head, values]);
};
const digits = (n: number, first: number) =>
  idx(
    [n, 28, 28],
    Uint8Array.from({ length: n * 784 }, (_, i) => (first + i) % 251),
  );
const [trainImages, trainLabels, testImages, testLabels] = [
  'train-images-idx3-ubyte',
  'train-labels-idx1-ubyte',
  't10k-images-idx3-ubyte',
  't10k-labels-idx1-ubyte',
] as const;
const whole = {
  [trainImages]: digits(3, 5),
  [trainLabels]: idx([3], Uint8Array.of(7, 0, 9)),
  [testImages]: digits(2, 9),
  [testLabels]: idx([2], Uint8Array.of(1, 2)),
};
const sizes = { train: 3, test: 2 };
const tiny: Source = {
  title: 'Tiny',
  classes: Array.from('0123456789'),
  images: sizes,
  layouts: [
    idxLayout(sizes, {
      train: { images: md5(whole[trainImages]), labels: md5(whole[trainLabels]) },
      test: { images: md5(whole[testImages]), labels: md5(whole[testLabels]) },
    }),
  ],
  downloads: [],
};
/** Without sums, so that what is wrong is found by the decoder. */
const unsummed: Source = { ...tiny, layouts: [idxLayout(sizes)] };
const read = (place: string, source = tiny) =>
  readSource(source, place, { progress: silent, signal: new AbortController().signal });

async function folder(files: Files): Promise<string> {
  const place = await mkdtemp(path.join(root, 'files-'));
  await mkdir(path.join(place, 'raw'));
  for (const [name, bytes] of Object.entries(files)) await writeFile(path.join(place, 'raw', name), bytes);
  return place;
}
async function tar(files: Files): Promise<string> {
  const archive = pack();
  for (const [name, bytes] of Object.entries(files)) archive.entry({ name: `raw/${name}` }, Buffer.from(bytes));
  archive.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of archive as AsyncIterable<Uint8Array>) chunks.push(chunk);
  const place = path.join(await mkdtemp(path.join(root, 'tar-')), 'files.tar');
  await writeFile(place, Buffer.concat(chunks));
  return place;
}
const renamed = (files: Files, rename: (name: string) => string): Files =>
  Object.fromEntries(Object.entries(files).map(([name, bytes]) => [rename(name), bytes]));
const gzipped = (files: Files): Files =>
  Object.fromEntries(Object.entries(files).map(([name, bytes]) => [`${name}.gz`, gzipSync(bytes)]));

test.each([
  ['a folder of idx', () => folder(whole)],
  ['a folder of idx.gz', () => folder(gzipped(whole))],
  ['the older names', () => folder(renamed(whole, (name) => name.replace('-idx', '.idx')))],
  ['a tar of idx', () => tar(whole)],
  ['a tar of idx.gz', () => tar(gzipped(whole))],
])('%s gives the same images', async (_, make) => {
  const { data, files } = await read(await make());
  expect(files).toEqual(Object.entries(whole).map(([name, bytes]) => ({ name, sum: md5(bytes), ok: true })));
  expect(data.train.shape).toEqual([28, 28, 1]);
  expect([...data.train.labels, ...data.test.labels]).toEqual([7, 0, 9, 1, 2]);
  expect(Buffer.from(data.train.pixels)).toEqual(Buffer.from(whole[trainImages].subarray(16)));
  expect(Buffer.from(data.test.pixels)).toEqual(Buffer.from(whole[testImages].subarray(16)));
});

const but = (files: Files) => folder({ ...whole, ...files });
test.each([
  ['a changed label', tiny, () => but({ [testLabels]: idx([2], Uint8Array.of(1, 3)) }), 'CHECKSUM', /'t10k-labels/],
  [
    'a label out of range',
    unsummed,
    () => but({ [testLabels]: idx([2], Uint8Array.of(1, 10)) }),
    'BAD_DATA',
    /Label 10/,
  ],
  ['too few labels', unsummed, () => but({ [testLabels]: idx([1], Uint8Array.of(1)) }), 'BAD_DATA', /1 labels for 2/],
  ['too few images', unsummed, () => but({ [trainImages]: digits(2, 5) }), 'BAD_DATA', /3 labels for 2/],
  [
    'images of another size',
    unsummed,
    () => but({ [testImages]: idx([2, 8, 8], new Uint8Array(128)) }),
    'BAD_DATA',
    /8x8/,
  ],
  ['no idx', unsummed, () => but({ [testLabels]: new Uint8Array(10) }), 'BAD_FILE', /begins with 0x00000000/],
  ['nothing', unsummed, () => but({ [testLabels]: new Uint8Array(0) }), 'BAD_FILE', /too short for idx: 0 bytes/],
  ['a torn idx', unsummed, () => but({ [trainImages]: digits(3, 5).subarray(0, 999) }), 'BAD_FILE', /3 x 28 x 28/],
  ['a file too large', unsummed, () => but({ [testLabels]: new Uint8Array(1e6) }), 'BAD_FILE', /at most 10\./],
  [
    'a torn .gz',
    unsummed,
    () => folder({ ...gzipped(whole), [`${testLabels}.gz`]: gzipSync(new Uint8Array(10)).subarray(0, 12) }),
    'BAD_FILE',
    /cut off/,
  ],
  [
    'a bomb of a .gz',
    unsummed,
    () => folder({ ...gzipped(whole), [`${testLabels}.gz`]: gzipSync(new Uint8Array(1e6)) }),
    'BAD_FILE',
    /unpacks to more than 10 bytes/,
  ],
] as const)('%s is refused in one sentence', async (_, source, make, code, message) => {
  await expect(read(await make(), source)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
});

test('a linked file in a folder is not followed', async () => {
  const { [testLabels]: labels, ...others } = whole;
  const place = await folder(others);
  const outside = path.join(await folder({ elsewhere: labels }), 'raw', 'elsewhere');
  await symlink(outside, path.join(place, 'raw', testLabels));
  await expect(read(place)).rejects.toMatchObject({ code: 'NOT_FOUND', message: expect.stringMatching(testLabels) });
});

test('of two label bytes the fine one counts', () => {
  const file = { name: 'train.bin', largest: 1e5 };
  const rows = [19, 99, 4, 7].flatMap((label, i) => [label, ...(i % 2 ? new Array<number>(3072).fill(label) : [])]);
  const { train } = binaryLayout({ classes: 100, train: [file], test: file }, 2).decode(() => Uint8Array.from(rows));
  expect([...train.labels]).toEqual([99, 7]);
  expect([train.pixels[0], train.pixels[3071], train.pixels[3072]]).toEqual([99, 99, 7]);
});
