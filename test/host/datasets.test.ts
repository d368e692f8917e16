/** Datasets for windows: tiles against the pixels themselves, neighbours, augmentation, archives, uploads, and what is refused. */
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { decode } from 'fast-png';
import { strFromU8, unzipSync } from 'fflate';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { api } from '../../core/contract/api';
import type { HandlerContext } from '../../core/contract/contract';
import { datasetHandlers } from '../../core/host/library/datasets';
import { namingUploads } from '../../core/host/library/datasets/uploads';
import { type OpenDataset, datasetDesk, imageAt } from '../../core/host/library/desk';
import { AppError } from '../../core/lib/errors';

const mini = 'fashion-mnist-mini';
const context: HandlerContext = { signal: new AbortController().signal, after: -1 };
const gone = (): HandlerContext => ({ signal: AbortSignal.abort(), after: -1 });

let folder: string;
let handlers: ReturnType<typeof datasetHandlers>;
let data: OpenDataset;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'lowland-datasets-'));
  const desk = datasetDesk(folder);
  handlers = datasetHandlers(desk);
  data = await desk.dataset(mini);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const tilesOf = (images: Uint32Array<ArrayBuffer> | { from: number; count: number }, reduce = 1, dataset = mini) =>
  handlers['datasets.tiles']({ dataset, side: 'test', images, reduce }, context);

describe('a dataset', () => {
  it('is opened with its counts and statistics', async () => {
    const { sizes, counts, mean, std, classes, budgets } = await handlers['datasets.open']({ dataset: mini }, context);
    expect(sizes).toEqual({ train: 12_000, test: 2_000 });
    expect(counts.map(({ name }) => name)).toEqual(classes);
    expect(counts.every(({ train, test }) => train === 1200 && test === 200)).toBe(true);
    expect(mean[0]).toBeCloseTo(0.286, 1);
    expect(std[0]).toBeCloseTo(0.353, 1);
    expect(budgets).toEqual({ linf: 0.1, l2: 1.5, l1: 10 });
  });

  it('gives its labels', async () => {
    const { labels } = await handlers['datasets.labels']({ dataset: mini, side: 'test' }, context);
    expect(labels).toEqual(data.test.labels);
  });

  it('names the nearest dataset for a wrong one', async () => {
    await expect(handlers['datasets.open']({ dataset: 'fashion-mnist-mimi' }, context)).rejects.toMatchObject({
      code: 'UNKNOWN_NAME',
      hint: expect.stringContaining(mini),
    });
  });

  it('says when a part of Lowland is to be removed', async () => {
    await expect(handlers['datasets.remove']({ dataset: mini }, context)).rejects.toMatchObject({ code: 'USAGE' });
  });
});

describe('tiles', () => {
  it('are the pixels of a range', async () => {
    const { pixels } = await tilesOf({ from: 7, count: 3 });
    expect(pixels).toEqual(data.test.pixels.subarray(7 * 784, 10 * 784));
  });

  it('are the pixels of a list, in its order', async () => {
    const { pixels } = await tilesOf(Uint32Array.of(1999, 0));
    expect(pixels.subarray(0, 784)).toEqual(data.test.pixels.subarray(1999 * 784));
    expect(pixels.subarray(784)).toEqual(data.test.pixels.subarray(0, 784));
  });

  it.each([2, 4, 8])('reduced %i times are the means of squares, cut at the border', async (reduce) => {
    const { pixels } = await tilesOf(Uint32Array.of(5), reduce);
    const size = Math.ceil(28 / reduce);
    expect(pixels).toHaveLength(size * size);
    const image = imageAt(data.test, 5);
    const mean = (row: number, column: number) => {
      const values: number[] = [];
      for (let y = row * reduce; y < Math.min(28, (row + 1) * reduce); y++)
        for (let x = column * reduce; x < Math.min(28, (column + 1) * reduce); x++)
          values.push(image[y * 28 + x] ?? NaN);
      return (values.reduce((sum, value) => sum + value, 0) / values.length) * 255;
    };
    for (let i = 0; i < pixels.length; i++)
      expect(Math.abs((pixels[i] ?? NaN) - mean(Math.floor(i / size), i % size))).toBeLessThanOrEqual(0.51);
  });

  it('of a toy are its points in 8 bits; as values they are exact', async () => {
    const images = { from: 0, count: 4 };
    const { pixels } = await tilesOf(images, 1, 'toy-moons');
    const { values } = await handlers['datasets.values']({ dataset: 'toy-moons', side: 'test', images }, context);
    expect(Array.from(pixels)).toEqual(Array.from(values, (value) => Math.round(value * 255)));
  });

  it('that are not there are refused', async () => {
    await expect(tilesOf(Uint32Array.of(2000))).rejects.toMatchObject({
      code: 'BAD_OPTION',
      message: expect.stringContaining('test images 0 to 1999'),
    });
    await expect(tilesOf({ from: 1999, count: 2 })).rejects.toMatchObject({ code: 'BAD_OPTION' });
  });
});

describe('the nearest images', () => {
  const nearest = (pixels: Uint8Array<ArrayBuffer> | Float32Array<ArrayBuffer>, count = 5, using = context) =>
    handlers['datasets.nearest']({ dataset: mini, pixels, count }, using);

  it('of a training image are itself and then those of least L2', async () => {
    const image = imageAt(data.train, 40);
    const found = await nearest(image.slice());
    expect(found[0]).toMatchObject({ index: 40, distance: 0, label: data.train.labels[40] });
    const all = Array.from({ length: data.train.size }, (_, i) => {
      const other = imageAt(data.train, i);
      return Math.hypot(...other.map((value, j) => value - (image[j] ?? 0)));
    });
    const sorted = [...all].sort((a, b) => a - b).slice(0, 5);
    found.forEach(({ distance, index }, i) => {
      expect(distance).toBeCloseTo(sorted[i] ?? NaN, 4);
      expect(all[index]).toBeCloseTo(distance, 4);
    });
  });

  it('are the same for 8-bit pixels, and come with their own', async () => {
    const bytes = Uint8Array.from(data.train.pixels.subarray(0, 784));
    const [first] = await nearest(bytes, 1);
    expect(first).toMatchObject({ index: 0, distance: 0, pixels: bytes });
  });

  it('are not looked for with an image of another size', async () => {
    await expect(nearest(new Uint8Array(3072))).rejects.toMatchObject({
      code: 'BAD_OPTION',
      message: expect.stringContaining('28 × 28 × 1'),
    });
  });

  it('are no longer looked for when nobody waits', async () => {
    await expect(nearest(imageAt(data.train, 1).slice(), 5, gone())).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});

describe('augmentation', () => {
  const augment = (transforms: string, seed = 1) =>
    handlers['datasets.augment']({ dataset: mini, side: 'test', index: 3, transforms, count: 4, seed }, context);

  it('draws by seed', async () => {
    const [first, same, other] = [
      await augment('crop,flip'),
      await augment('crop,flip'),
      await augment('crop,flip', 2),
    ];
    expect(first.pixels).toHaveLength(4 * 784);
    expect(same).toEqual(first);
    expect(other).not.toEqual(first);
  });

  it('with no transform is the image', async () => {
    const { pixels } = await augment('');
    expect(pixels.subarray(784, 1568)).toEqual(data.test.pixels.subarray(3 * 784, 4 * 784));
  });

  it('names the nearest transform for a wrong one', async () => {
    await expect(augment('crop,flop')).rejects.toMatchObject({ code: 'UNKNOWN_NAME', hint: "Did you mean 'flip'?" });
  });
});

describe('an archive', () => {
  const archive = (indices: Uint32Array<ArrayBuffer>, dataset = mini) =>
    handlers['datasets.export']({ dataset, side: 'test', indices }, context);

  it('has a PNG for each image and their labels', async () => {
    const { name, bytes } = await archive(Uint32Array.of(12, 3));
    expect(name).toBe('fashion-mnist-mini-test-2.zip');
    const files = unzipSync(bytes);
    const image = decode(files['images/0012.png'] ?? new Uint8Array());
    expect(image).toMatchObject({ width: 28, height: 28, channels: 1 });
    expect(Array.from(image.data)).toEqual(Array.from(data.test.pixels.subarray(12 * 784, 13 * 784)));
    const [header, first] = strFromU8(files['labels.csv'] ?? new Uint8Array()).split('\n');
    expect(header).toBe('file,index,label,class');
    const label = data.test.labels[12] ?? 0;
    expect(first).toBe(`images/0012.png,12,${label},${data.classes[label]}`);
  });

  it('of a toy is a table of its points', async () => {
    const { bytes } = await archive(Uint32Array.of(0, 1), 'toy-rings');
    const lines = strFromU8(unzipSync(bytes)['points.csv'] ?? new Uint8Array())
      .trim()
      .split('\n');
    expect(lines[0]).toBe('index,label,x,y');
    expect(lines).toHaveLength(3);
  });

  it('of nothing is refused', async () => {
    await expect(archive(new Uint32Array())).rejects.toMatchObject({ code: 'BAD_OPTION' });
  });
});

describe('an upload', () => {
  const piece = (upload: string, file: string, offset: number, text: string) =>
    handlers['datasets.upload']({ upload, file, offset, bytes: new TextEncoder().encode(text) }, context);

  it('is put together from pieces, and a single file is answered as such', async () => {
    await piece('upload-one', 'own.npz', 0, 'abc');
    const { path: place } = await piece('upload-one', 'own.npz', 3, 'def');
    expect(place).toBe(path.join(folder, 'uploads', 'upload-one', 'own.npz'));
    expect(await readFile(place, 'utf8')).toBe('abcdef');
    await handlers['datasets.discard']({ upload: 'upload-one' }, context);
    expect(await readdir(path.join(folder, 'uploads'))).toEqual([]);
  });

  it('of a folder is answered as the folder', async () => {
    await piece('upload-two', 'pets/cat/1.png', 0, 'x');
    const { path: place } = await piece('upload-two', 'pets/dog/1.png', 0, 'y');
    expect(place).toBe(path.join(folder, 'uploads', 'upload-two', 'pets'));
    const { path: several } = await piece('upload-two', 'labels.csv', 0, 'z');
    expect(several).toBe(path.join(folder, 'uploads', 'upload-two'));
  });

  it('that cannot be read is named as the user knows it', () => {
    const place = path.join(folder, 'uploads', 'upload-two', 'pets', 'dog', '1.png');
    const told = namingUploads(new AppError('BAD_FILE', `'${place}' is no image.`, `Look at ${place}.`), folder);
    expect(told).toMatchObject({
      code: 'BAD_FILE',
      message: `'${path.join('pets', 'dog', '1.png')}' is no image.`,
      hint: `Look at ${path.join('pets', 'dog', '1.png')}.`,
    });
  });

  it.each(['../evil', 'a/../../b', '/etc/passwd', 'a\\b', '.hidden', 'a//b', 'C:x', ''])('refuses %j', (file) => {
    const { input } = api['datasets.upload'];
    const given = { upload: 'upload-3', offset: 0, bytes: new Uint8Array() };
    expect(v.safeParse(input, { ...given, file: 'a b/ö.png' }).success).toBe(true);
    expect(v.safeParse(input, { ...given, file }).success).toBe(false);
  });
});
