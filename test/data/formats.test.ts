/** Official files in every wrapping, whole and damaged, on tiny sources of the same layouts. */
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
const reading = { progress: silent, signal: new AbortController().signal };
const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex');

/** Rows of label bytes and three planes; the value of a pixel tells row, channel and place. */
const cifarRows = (labels: readonly (readonly number[])[]): Uint8Array =>
  Buffer.concat(
    labels.map((row, n) =>
      Uint8Array.from([...row, ...Array.from({ length: 3072 }, (_, i) => (31 * n + 64 * (i >> 10) + i) % 256)]),
    ),
  );
const cifarFiles: Files = {
  'one.bin': cifarRows([[3], [1]]),
  'two.bin': cifarRows([[9]]),
  'test.bin': cifarRows([[0]]),
};
const cifarOf = (files: Files): Source => {
  const of = (name: string) => ({ name, largest: 2 * 3073, md5: md5(files[name] ?? new Uint8Array()) });
  return {
    title: 'Tiny CIFAR',
    classes: Array.from('0123456789'),
    images: { train: 3, test: 1 },
    layouts: [binaryLayout({ classes: 10, train: [of('one.bin'), of('two.bin')], test: of('test.bin') }, 1)],
    downloads: [],
  };
};
const cifar = cifarOf(cifarFiles);

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
const mnistFiles: Files = {
  'train-images-idx3-ubyte': digits(3, 5),
  'train-labels-idx1-ubyte': idx([3], Uint8Array.of(7, 0, 9)),
  't10k-images-idx3-ubyte': digits(2, 9),
  't10k-labels-idx1-ubyte': idx([2], Uint8Array.of(1, 2)),
};
const sizes = { train: 3, test: 2 };
const mnist: Source = { ...cifar, title: 'Tiny MNIST', images: sizes, layouts: [idxLayout(sizes)] };

interface Member {
  readonly name: string;
  readonly bytes?: Uint8Array;
  readonly type?: 'file' | 'symlink' | 'directory';
}
async function tarOf(members: readonly Member[]): Promise<Buffer> {
  const archive = pack();
  for (const { name, bytes, type } of members)
    if (type === 'symlink') archive.entry({ name, type, linkname: '/etc/passwd' });
    else archive.entry({ name, type: type ?? 'file' }, Buffer.from(bytes ?? []));
  archive.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of archive as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
const membersOf = (files: Files): Member[] => [
  { name: 'folder/', type: 'directory' },
  { name: 'folder/readme.txt', bytes: Buffer.from('not wanted') },
  ...Object.entries(files).map(([name, bytes]) => ({ name: `folder/${name}`, bytes })),
];

let places = 0;
async function place(content: Uint8Array | Files, name = 'archive.bin'): Promise<string> {
  const target = path.join(root, String(places++));
  await mkdir(path.join(target, 'inner'), { recursive: true });
  if (content instanceof Uint8Array) {
    await writeFile(path.join(target, name), content);
    return path.join(target, name);
  }
  for (const [file, bytes] of Object.entries(content)) await writeFile(path.join(target, 'inner', file), bytes);
  return target;
}
const gzipped = (files: Files): Files =>
  Object.fromEntries(Object.entries(files).map(([name, bytes]) => [`${name}.gz`, gzipSync(bytes)]));

test.each([
  ['a folder', cifar, () => place(cifarFiles)],
  ['a tar', cifar, async () => place(await tarOf(membersOf(cifarFiles)))],
  ['a tar.gz', cifar, async () => place(gzipSync(await tarOf(membersOf(cifarFiles))))],
  ['a folder', mnist, () => place(mnistFiles)],
  ['a folder of .gz', mnist, () => place(gzipped(mnistFiles))],
  ['a tar of .gz', mnist, async () => place(await tarOf(membersOf(gzipped(mnistFiles))))],
] as const)('%s of $title is read', async (_, source, made) => {
  const { data, files } = await readSource(source, await made(), reading);
  const contents = source === cifar ? cifarFiles : mnistFiles;
  expect(files).toHaveLength(Object.keys(contents).length);
  for (const file of files)
    expect(file).toEqual({ name: file.name, sum: md5(contents[file.name] ?? new Uint8Array()), ok: true });
  expect([data.train.size, data.test.size]).toEqual([source.images.train, source.images.test]);
  if (source === cifar) {
    expect([...data.train.labels]).toEqual([3, 1, 9]);
    // Place 2 of the second row's planes: (31 + 64 c + 2) mod 256.
    expect([...data.train.pixels.subarray(3072 + 6, 3072 + 9)]).toEqual([33, 97, 161]);
  } else {
    expect([...data.train.labels, ...data.test.labels]).toEqual([7, 0, 9, 1, 2]);
    expect([...data.test.pixels.subarray(784, 786)]).toEqual([(9 + 784) % 251, (9 + 785) % 251]);
  }
});

test('of two label bytes the fine one counts', () => {
  const layout = binaryLayout(
    { classes: 100, train: [{ name: 'a', largest: 1e5 }], test: { name: 'a', largest: 1e5 } },
    2,
  );
  const { train } = layout.decode(() =>
    cifarRows([
      [19, 99],
      [4, 7],
    ]),
  );
  expect([...train.labels]).toEqual([99, 7]);
  expect([...train.pixels.subarray(0, 3)]).toEqual([0, 64, 128]);
});

const whole = () => tarOf(membersOf(cifarFiles));
const changed = (name: string, bytes: Uint8Array): Files => ({ ...cifarFiles, [name]: bytes });
/** Its sums are right, so that what is wrong is found by the decoder. */
const decoding = (files: Files) => [cifarOf(files), () => place(files)] as const;
const flipped = (bytes: Uint8Array) => bytes.map((value, i) => (i === 100 ? value ^ 1 : value));

test.each([
  ['a missing place', cifar, async () => path.join(root, 'none'), 'NOT_FOUND', /none' does not exist/],
  ['an empty folder', cifar, () => place({}), 'NOT_FOUND', /no files of Tiny CIFAR/],
  ['a missing file', cifar, () => place({ 'one.bin': cifarRows([[3], [1]]) }), 'NOT_FOUND', /'two.bin', 'test.bin'/],
  ['a changed byte', cifar, () => place(changed('two.bin', flipped(cifarRows([[9]])))), 'CHECKSUM', /'two.bin'.*MD5/],
  ['a cut-off file', cifar, () => place(changed('two.bin', cifarRows([[9]]).subarray(0, 99))), 'CHECKSUM', /'two.bin'/],
  ['torn rows', ...decoding(changed('two.bin', new Uint8Array(3072))), 'BAD_FILE', /3072 bytes.*rows of 3073/],
  ['a label out of range', ...decoding(changed('two.bin', cifarRows([[10]]))), 'BAD_DATA', /Label 10 of image 0/],
  ['too few images', ...decoding(changed('one.bin', cifarRows([[1]]))), 'BAD_DATA', /2 training.*has 3/],
  ['a file too large', cifar, () => place(changed('two.bin', new Uint8Array(1e6))), 'BAD_FILE', /at most 6,146/],
  ['a torn tar', cifar, async () => place((await whole()).subarray(0, 5000)), 'BAD_FILE', /archive.bin/],
  ['a torn tar.gz', cifar, async () => place(gzipSync(await whole()).subarray(0, 200)), 'BAD_FILE', /cut off/],
  ['a tar.xz that is none', cifar, () => place(Buffer.from('fd377a585a0000000000', 'hex')), 'BAD_FILE', /archive.bin/],
  ['no archive at all', cifar, () => place(Buffer.alloc(2000, 'x')), 'BAD_FILE', /archive.bin/],
  [
    'a path that leaves',
    cifar,
    async () => place(await tarOf([{ name: '../one.bin' }])),
    'BAD_FILE',
    /leaves the archive/,
  ],
  [
    'an absolute path',
    cifar,
    async () => place(await tarOf([{ name: 'x/../../one.bin' }])),
    'BAD_FILE',
    /leaves the archive/,
  ],
  ['a link', cifar, async () => place(await tarOf([{ name: 'one.bin', type: 'symlink' }])), 'BAD_FILE', /symlink/],
  [
    'a member twice',
    cifar,
    async () => place(await tarOf([...membersOf(cifarFiles), { name: 'b/one.bin' }])),
    'BAD_FILE',
    /twice/,
  ],
  [
    'a member too large',
    cifar,
    async () => place(await tarOf([{ name: 'one.bin', bytes: new Uint8Array(1e6) }])),
    'BAD_FILE',
    /at most/,
  ],
  [
    'a bomb of a tar',
    cifar,
    async () =>
      place(gzipSync(Buffer.concat([await tarOf([{ name: 'x', bytes: new Uint8Array(7e7) }])]), { level: 1 })),
    'BAD_FILE',
    /unpacks to more than/,
  ],
  [
    'a bomb of a file',
    mnist,
    () =>
      place({
        ...mnistFiles,
        't10k-labels-idx1-ubyte.gz': gzipSync(new Uint8Array(1e6)),
      }),
    'BAD_FILE',
    /unpacks to more than/,
  ],
  [
    'a torn .gz',
    mnist,
    () => place({ ...gzipped(mnistFiles), 't10k-labels-idx1-ubyte.gz': gzipSync(new Uint8Array(10)).subarray(0, 12) }),
    'BAD_FILE',
    /cut off/,
  ],
  [
    'no idx',
    mnist,
    () => place({ ...mnistFiles, 't10k-labels-idx1-ubyte': new Uint8Array(10) }),
    'BAD_FILE',
    /0x00000000/,
  ],
  [
    'a torn idx',
    mnist,
    () => place({ ...mnistFiles, 'train-images-idx3-ubyte': digits(3, 5).subarray(0, 999) }),
    'BAD_FILE',
    /3 x 28 x 28/,
  ],
  [
    'other images',
    mnist,
    () => place({ ...mnistFiles, 't10k-images-idx3-ubyte': idx([2, 8, 8], new Uint8Array(128)) }),
    'BAD_DATA',
    /8x8.*28x28/,
  ],
  [
    'too few labels',
    mnist,
    () => place({ ...mnistFiles, 't10k-labels-idx1-ubyte': idx([1], new Uint8Array(1)) }),
    'BAD_DATA',
    /1 labels for 2/,
  ],
] as const)('%s is refused in one sentence', async (_, source, made, code, message) => {
  const failure = readSource(source, await made(), reading);
  await expect(failure).rejects.toMatchObject({ name: 'AppError', code, message: expect.stringMatching(message) });
});

test('a linked file in a folder is not followed', async () => {
  const folder = await place({ 'two.bin': cifarRows([[9]]), 'test.bin': cifarRows([[0]]) });
  const outside = await place(cifarRows([[3], [1]]), 'elsewhere');
  await symlink(outside, path.join(folder, 'one.bin'));
  await expect(readSource(cifar, folder, reading)).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('reading stops when it is cancelled', async () => {
  const signal = AbortSignal.abort();
  const archive = await place(gzipSync(await whole()));
  await expect(readSource(cifar, archive, { ...reading, signal })).rejects.toMatchObject({ code: 'CANCELLED' });
});
