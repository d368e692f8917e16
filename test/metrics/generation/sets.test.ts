/** Sets of images: what is read from folders, arrays and datasets, and what is refused, naming the file. */
import { encode } from 'fast-png';
import { zipSync } from 'fflate';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeNpy } from '../../../core/data/formats/npy';
import { folderSet } from '../../../core/metrics/generation/folder-set';
import { npzSet, splitSet } from '../../../core/metrics/generation/image-set';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'lowland-sets-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const png = (width: number, height: number, channels: 1 | 3, first: number): Uint8Array =>
  encode({
    width,
    height,
    channels,
    data: Uint8Array.from({ length: width * height * channels }, (_, i) => first + i),
  });
const put = async (name: string, bytes: Uint8Array) => {
  const file = path.join(folder, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, bytes);
  return file;
};

describe('a folder', () => {
  it('gives its images by name, those of subfolders too, grey ones in three channels', async () => {
    await put('b.png', png(2, 1, 3, 10));
    await put('a.png', png(2, 1, 1, 50));
    await put('c/d.PNG', png(2, 1, 3, 20));
    await put('notes.txt', new Uint8Array(3));
    const set = await folderSet(folder);
    expect([set.size, set.shape]).toEqual([3, [1, 2, 3]]);
    expect([...(await set.bytes(0, 2))]).toEqual([50, 50, 50, 51, 51, 51, 10, 11, 12, 13, 14, 15]);
    expect([...(await set.bytes(2, 3))]).toEqual([20, 21, 22, 23, 24, 25]);
  });

  it('of samples gives the samples, and no other picture in it', async () => {
    await put('samples.json', new Uint8Array());
    await put('000000-class3.png', png(2, 1, 1, 1));
    await put('000001-class0.png', png(2, 1, 1, 7));
    await put('grid.png', png(8, 8, 3, 0));
    const set = await folderSet(folder);
    expect([set.size, set.shape]).toEqual([2, [1, 2, 3]]);
  });

  it('with a torn image is refused when that is reached, by its name', async () => {
    await put('a.png', png(4, 4, 3, 0));
    const torn = await put('b.png', png(4, 4, 3, 9).slice(0, 50));
    const set = await folderSet(folder);
    expect((await set.bytes(0, 1)).length).toBe(48);
    await expect(set.bytes(0, 2)).rejects.toMatchObject({ code: 'BAD_FILE', message: expect.stringContaining(torn) });
  });

  it('with images of two sizes is refused, naming both', async () => {
    const first = await put('a.png', png(4, 4, 3, 0));
    const other = await put('b.png', png(4, 5, 3, 0));
    await expect((await folderSet(folder)).bytes(0, 2)).rejects.toThrow(`'${other}' is 4x5; '${first}' is 4x4.`);
  });

  it('without images, or that is not there, is refused', async () => {
    await expect(folderSet(folder)).rejects.toThrow('has no PNG or JPEG images');
    await expect(folderSet(path.join(folder, 'none'))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('an .npz file', () => {
  const npz = (arrays: Record<string, Uint8Array>) => put('images.npz', zipSync(arrays));
  const bytes = Uint8Array.from({ length: 24 }, (_, i) => i);
  const uint8 = (sizes: number[]) => {
    const array = encodeNpy(sizes, new Int32Array(6));
    const head = Buffer.from(array.subarray(0, array.length - 24))
      .toString('latin1')
      .replace('<i4', '|u1');
    return new Uint8Array(Buffer.concat([Buffer.from(head, 'latin1'), bytes]));
  };

  it('gives uint8 as it is', async () => {
    const set = await npzSet(await npz({ 'arr_0.npy': uint8([2, 2, 2, 3]) }));
    expect([set.size, set.shape]).toEqual([2, [2, 2, 3]]);
    expect([...(await set.bytes(1, 2))]).toEqual([...bytes.subarray(12)]);
  });

  it('gives floats times 255, and three sizes as grey', async () => {
    const set = await npzSet(await npz({ 'x.npy': encodeNpy([2, 1, 2], Float32Array.of(0, 1, 0.5, 0.25)) }));
    expect(set.shape).toEqual([1, 2, 1]);
    expect([...(await set.bytes(0, 2))]).toEqual([0, 255, 128, 64]);
  });

  it.each([
    ['another array', { 'y.npy': encodeNpy([1], Int32Array.of(1)) }, 'has none of the arrays'],
    ['channels first', { 'x.npy': encodeNpy([1, 3, 4, 4], new Float32Array(48)) }, 'is 1 x 3 x 4 x 4'],
    ['floats to 255', { 'x.npy': encodeNpy([1, 1, 2], Float32Array.of(0, 200)) }, 'has the value 200 at place 1'],
    ['NaN', { 'x.npy': encodeNpy([1, 1, 1], Float32Array.of(NaN)) }, 'has the value NaN at place 0'],
    ['no image', { 'x.npy': encodeNpy([0, 4, 4, 3], new Float32Array(0)) }, 'is 0 x 4 x 4 x 3'],
    [
      'objects',
      { 'x.npy': new Uint8Array(Buffer.from("\x93NUMPY\x01\x00\x20\x00{'descr': '|O', 'shape': (1,)}  \n", 'latin1')) },
      "type '|O'",
    ],
  ])('with %s is refused', async (_, arrays, sentence) => {
    await expect(npzSet(await npz(arrays))).rejects.toThrow(sentence);
  });
});

it('a split of floats is given in bytes', async () => {
  const set = splitSet('toy', { shape: [1, 1, 2], size: 2, pixels: Float32Array.of(0, 1, 0.2, 0.6) });
  expect([...(await set.bytes(0, 2))]).toEqual([0, 255, 51, 153]);
});
