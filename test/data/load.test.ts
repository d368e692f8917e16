import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { type Split, classCounts, splitNames } from '../../core/data/dataset';
import { loadDataset } from '../../core/data/load';
import { datasetRegistry, embeddedId } from '../../core/data/registry';

const bytes = ({ buffer, byteOffset, byteLength }: ArrayBufferView) => Buffer.from(buffer, byteOffset, byteLength);
const same = (a: Split, b: Split) => bytes(a.pixels).equals(bytes(b.pixels)) && bytes(a.labels).equals(bytes(b.labels));

const dataFolder = path.join(os.tmpdir(), 'lowland-no-such-folder');
const always = datasetRegistry.all.filter(({ source }) => !source);

test.each(always)('$id is always there: whole, in range, the same for a seed', async ({ id }) => {
  const dataset = await loadDataset(id, { dataFolder, seed: 3 });
  const again = await loadDataset(id, { dataFolder, seed: 3 });
  const other = await loadDataset(id, { dataFolder, seed: 4 });
  for (const name of splitNames) {
    const split = dataset.splits[name];
    expect(split.shape).toEqual(dataset.shape);
    expect(split.labels).toHaveLength(split.size);
    expect([Uint8Array, Float32Array]).toContain(split.pixels.constructor);
    expect(split.pixels).toHaveLength(split.size * dataset.shape.reduce((product, side) => product * side));
    expect(Math.min(...classCounts(split, dataset.classes.length))).toBeGreaterThan(0);
    expect(split.pixels.every((value) => value >= 0 && value <= (split.pixels instanceof Uint8Array ? 255 : 1))).toBe(
      true,
    );
    expect(same(again.splits[name], split)).toBe(true);
  }
  expect(same(other.splits.validation, dataset.splits.validation)).toBe(false);
});

test('the embedded images are stratified, and so is what is held out', async () => {
  const { splits, classes } = await loadDataset(embeddedId, { dataFolder });
  const { train, validation, test } = splits;
  expect([train.size, validation.size, test.size]).toEqual([11_000, 1_000, 2_000]);
  expect(classCounts(train, classes.length)).toEqual(new Array(10).fill(1100));
  expect(classCounts(validation, classes.length)).toEqual(new Array(10).fill(100));
  expect(classCounts(test, classes.length)).toEqual(new Array(10).fill(200));
});

test('an unknown dataset is refused with the nearest name, a known one with the way to get it', async () => {
  await expect(loadDataset('fashion-mnist-mimi', { dataFolder })).rejects.toMatchObject({
    code: 'UNKNOWN_NAME',
    hint: "Did you mean 'fashion-mnist-mini'?",
  });
  await expect(loadDataset('__proto__', { dataFolder })).rejects.toMatchObject({ code: 'UNKNOWN_NAME' });
  await expect(loadDataset('mnist', { dataFolder })).rejects.toMatchObject({
    code: 'NOT_FOUND',
    hint: expect.stringContaining('lowland data add mnist'),
  });
});
