/** Files that numpy wrote (test/fixtures/data/npz/make.py), and what of them is refused. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { decodeNpz } from '../../core/data/formats/npz';

const folder = path.join(import.meta.dirname, '../fixtures/data/npz');
const npz = (name: string, damage = (bytes: Buffer): Uint8Array => bytes) =>
  decodeNpz(damage(readFileSync(path.join(folder, name))), name);

/** make.py's x. */
const bytes = (size: number): number[] =>
  Array.from({ length: size * 192 }, (_, at) => {
    const [c, j, i, k] = [at % 3, Math.floor(at / 3) % 8, Math.floor(at / 24) % 8, Math.floor(at / 192)];
    return (1 + 5 * k + 7 * i + 3 * j + 80 * c) % 256;
  });

test('x and y are one split', () => {
  const { classes, train, test: held } = npz('bytes.npz');
  expect([classes, train.shape, train.size, held]).toEqual([['0', '1', '2'], [8, 8, 3], 12, undefined]);
  expect([...train.pixels]).toEqual(bytes(12));
  expect([...train.labels]).toEqual(Array.from({ length: 12 }, (_, i) => i % 3));
});

test('x_train and x_test are both splits, of single or double floats', () => {
  const { train, test: held } = npz('floats.npz');
  expect([...train.pixels, ...(held?.pixels ?? [])]).toEqual(bytes(6).map((value) => Math.fround(value / 255)));
  expect([...train.labels, ...(held?.labels ?? [])]).toEqual([0, 1, 2, 0, 1, 2]);
});

/** A zip whose directory says that its first member unpacks to `size` bytes. */
const claiming = (size: number) => (content: Buffer) => {
  content.writeUInt32LE(size, content.indexOf(Buffer.from('504b0102', 'hex')) + 24);
  return content;
};
const changed = (content: Buffer) => content.map((value, i) => (i === 300 ? value ^ 1 : value));

test.each([
  ['a file that is cut off', () => npz('bytes.npz', (content) => content.subarray(0, 300)), 'BAD_FILE', /cut off/],
  ['another file', () => npz('make.py'), 'BAD_FILE', /no zip archive/],
  ['a changed byte', () => npz('floats.npz', changed), 'BAD_FILE', /'x_train.npy': its CRC-32/],
  ['a bomb', () => npz('bytes.npz', claiming(4e9)), 'BAD_FILE', /4,000,000,000 bytes/],
  ['more than the directory says', () => npz('bytes.npz', claiming(100)), 'BAD_FILE', /more than 100 bytes/],
  ['Fortran order', () => npz('fortran.npz'), 'BAD_FILE', /Fortran/],
  ['Python objects', () => npz('objects.npz'), 'BAD_FILE', /'\|O'/],
  ['channels first', () => npz('channels-first.npz'), 'BAD_DATA', /3 x 2 x 8 x 8/],
  ['floats above 1', () => npz('too-bright.npz'), 'BAD_DATA', /values go from 0 to 1/],
  ['a negative label', () => npz('negative-label.npz'), 'BAD_DATA', /Label -1 of image 0/],
  ['too few labels', () => npz('few-labels.npz'), 'BAD_DATA', /12 images for 5 labels/],
  ['no labels', () => npz('no-labels.npz'), 'BAD_DATA', /no arrays x and y/],
])('%s is refused in one sentence', (_, attempt, code, message) => {
  const refused = expect.objectContaining({ name: 'AppError', code, message: expect.stringMatching(message) });
  expect(attempt).toThrowError(refused);
});
