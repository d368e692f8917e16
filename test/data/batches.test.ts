import { expect, test } from 'vitest';
import { batchSource, batches, gather } from '../../core/data/batches';
import { type Split, classCounts } from '../../core/data/dataset';
import { holdOut } from '../../core/data/split';
import { parseTransforms } from '../../core/data/transforms';
import { key } from '../../core/lib/key';

/** Image n is n everywhere, of class n mod 3. */
const numbered = (size: number): Split => ({
  shape: [4, 4, 1],
  size,
  labels: Int32Array.from({ length: size }, (_, n) => n % 3),
  pixels: Uint8Array.from({ length: size * 16 }, (_, i) => Math.floor(i / 16)),
});
const split = numbered(50);
const numbers = (x: Float32Array) =>
  Array.from({ length: x.length / 16 }, (_, n) => Math.round((x[n * 16] ?? 0) * 255));

test('an epoch holds every image once, its last partial batch left out; another epoch has another order', () => {
  const source = batchSource(split, { size: 8, seed: 1 });
  expect(source.batchesPerEpoch).toBe(6);
  const epoch = (of: number) => [0, 1, 2, 3, 4, 5].flatMap((step) => numbers(source.at(6 * of + step).x));
  expect(new Set(epoch(0)).size).toBe(48);
  expect(new Set(epoch(1)).size).toBe(48);
  expect(epoch(1)).not.toEqual(epoch(0));
  expect(source.place(13)).toEqual({ step: 13, epoch: 2, offset: 8 });
  const { x, y } = source.at(3);
  expect([...y]).toEqual(numbers(x).map((n) => n % 3));
});

test('a resumed iteration goes on as one that was never interrupted', async () => {
  const options = { size: 8, seed: 5, transforms: parseTransforms('crop:pad=1,flip,noise') };
  const take = async (startStep: number, count: number) => {
    const taken = [];
    for await (const step of batches(split, { ...options, startStep })) {
      taken.push(step);
      if (taken.length === count) break;
    }
    return taken;
  };
  const whole = await take(0, 16);
  expect(await take(9, 7)).toEqual(whole.slice(9));
  expect(whole.map(({ step }) => step)).toEqual(Array.from({ length: 16 }, (_, step) => step));
  const source = batchSource(split, options);
  expect(source.at(15)).toEqual(whole[15]?.batch);
  expect(source.at(2)).toEqual(whole[2]?.batch);
});

test('what cannot be gathered or filled is refused in one sentence', () => {
  for (const index of [-1, 50, 1.5, NaN])
    expect(() => gather(split, [0, index])).toThrowError(expect.objectContaining({ code: 'BAD_OPTION' }));
  expect(() => batchSource(split, { size: 51, seed: 0 })).toThrowError(expect.objectContaining({ code: 'BAD_DATA' }));
});

test.each([0, 1, 7, 16, 49])('%i held out: disjoint, all there, in order, every class its share', (size) => {
  const { rest, held } = holdOut(split, size, key(2, 'held'));
  const [inRest, inHeld] = [rest, held].map((of) => Array.from({ length: of.size }, (_, n) => of.pixels[n * 16] ?? -1));
  expect(held.size).toBe(size);
  expect([...(inRest ?? []), ...(inHeld ?? [])].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, n) => n));
  expect(inHeld).toEqual([...(inHeld ?? [])].sort((a, b) => a - b));
  classCounts(held, 3).forEach((count, label) => {
    const exact = ((classCounts(split, 3)[label] ?? 0) * size) / 50;
    expect(Math.abs(count - exact)).toBeLessThan(1);
  });
  expect(holdOut(split, size, key(2, 'held')).held).toEqual(held);
});

test('all images cannot be held out', () => {
  expect(() => holdOut(split, 50, key(0, 'held'))).toThrowError(expect.objectContaining({ code: 'BAD_OPTION' }));
});
