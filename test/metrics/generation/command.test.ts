/** `lowland metrics` from the command line: sets by their words, statistics written and taken again, and what is refused. */
import { encode } from 'fast-png';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as v from 'valibot';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { captured } from '../../cli/captured';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'lowland-metrics-'));
  await mkdir(path.join(folder, 'torn'));
  const png = encode({ width: 28, height: 28, channels: 1, data: new Uint8Array(784).fill(7) });
  for (const name of ['0.png', '1.png']) await writeFile(path.join(folder, 'torn', name), png);
  await writeFile(path.join(folder, 'torn', '2.png'), png.subarray(0, 60));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const run = (...args: string[]) => captured('metrics', '--data-dir', folder, '--engine', 'wasm', '--quiet', ...args);
const mini = ['--images', 'fashion-mnist-mini:test', '--features', 'fashion/natural', '--n', '40'];
const resultSchema = v.object({
  images: v.object({ name: v.string(), images: v.number() }),
  titles: v.object({ frechet: v.string() }),
  frechet: v.array(v.object({ images: v.number(), value: v.number() })),
  cautions: v.array(v.string()),
  seed: v.number(),
});
const result = async (...args: string[]) => {
  const { code, out, err } = await run(...mini, ...args, '--json');
  expect([code, err]).toEqual([0, '']);
  return v.parse(resultSchema, JSON.parse(out));
};

it('compares a dataset with another, and the same with the statistics of it', { timeout: 120_000 }, async () => {
  const file = path.join(folder, 'train.npz');
  const { code } = await run('--images', 'fashion-mnist-mini', ...mini.slice(2), '--write-stats', file);
  expect(code).toBe(0);
  const [images, statistics] = [await result('--reference', 'fashion-mnist-mini'), await result('--reference', file)];
  expect(images.images).toEqual({ name: 'fashion-mnist-mini:test', images: 40 });
  expect(images.titles.frechet).toBe('Fréchet distance in features of fashion/natural');
  expect(images.cautions.join()).toMatch(/rank 39 at most, for 2,048 features/);
  expect(images.seed).toBe(2020);
  expect(statistics.frechet[0]?.value).toBeCloseTo(images.frechet[0]?.value ?? NaN, 6);
});

it.each([
  ['no images', ['--reference', 'x'], 'There are no images to judge.'],
  ['a torn image', ['--images', 'torn', '--features', 'fashion/natural'], '2.png'],
  ['a folder that is not there', ['--images', './none'], "There is no folder './none'."],
  ['an unknown dataset', ['--images', 'fashion-mnist-mni'], 'fashion-mnist-mini'],
  ['a split that is none', ['--images', 'fashion-mnist-mini:held'], "'held'"],
  ['one image', [...mini.slice(0, 4), '--n', '1'], '--n is "1"'],
  ['no weights of Inception', ['--images', 'fashion-mnist-mini:test'], 'lowland metrics fetch-inception'],
])('refuses %s', async (_, args, sentence) => {
  const given = args.map((arg) => (arg === 'torn' ? path.join(folder, arg) : arg));
  const { code, err } = await run(...given);
  expect(code).toBeGreaterThan(1);
  expect(err).toContain(sentence);
});
