import { decodeApng } from 'fast-png';
import { unzipSync, strFromU8 } from 'fflate';
import { expect, test } from 'vitest';
import type { ImageShape } from '../../core/data/dataset';
import { gridApng } from '../../core/figures/apng';
import { exportImages, imageFormats } from '../../core/figures/export-images';
import { gridPixels } from '../../core/figures/pixels';
import { chunksOf } from '../../core/figures/png-chunk';
import { readPngText } from '../../core/figures/png-text';
import { zipOf } from '../../core/figures/zip';

const provenance = { model: 'jeat', note: 'x̃ → ∞' };
const film = { columns: 2, scale: 2, gap: 1, delay: 80, provenance };
const framesOf = (shape: ImageShape) =>
  [0, 1, 2].map((k) => Float32Array.from({ length: 3 * shape[0] * shape[1] * shape[2] }, (_, i) => ((i + k) % 7) / 6));

test.each([
  ['grey', [2, 2, 1]],
  ['colour', [3, 2, 3]],
] as const)('a %s film keeps every pixel of every frame, its delays and its provenance', (_, shape) => {
  const frames = framesOf(shape);
  const apng = gridApng(frames, 3, shape, film);
  const read = decodeApng(apng);
  expect(read.frames.map(({ delayNumber, delayDenominator }) => (1000 * delayNumber) / delayDenominator)).toEqual([
    80, 80, 800,
  ]);
  read.frames.forEach(({ data }, i) => {
    expect([...data]).toEqual([...gridPixels(frames[i] ?? new Float32Array(), 3, shape, film).data]);
  });
  expect(readPngText(apng)).toEqual(provenance);
  expect(apng).toEqual(gridApng(frames, 3, shape, film));
  const kinds = chunksOf(apng).map(({ type }) => type);
  expect(kinds.slice(0, 2)).toEqual(['IHDR', 'acTL']);
  expect(kinds.filter((kind) => kind === 'fcTL')).toHaveLength(3);
});

test('a zip opens, says where its images came from, and does not depend on the order or the time', () => {
  const a = new Uint8Array([1, 2]);
  const zip = zipOf({ 'b/two.png': a, 'one.png': a }, provenance);
  const read = unzipSync(zip);
  expect(Object.keys(read)).toEqual(['b/two.png', 'one.png', 'provenance.json']);
  expect(JSON.parse(strFromU8(read['provenance.json'] ?? new Uint8Array()))).toEqual(provenance);
  expect(zip).toEqual(zipOf({ 'one.png': a, 'b/two.png': a }, provenance));
});

test.each(['../a.png', '/a.png', 'a/../b', 'a//b', 'c:a', 'a\\b', '', '.', 'provenance.json'])(
  'a zip refuses the name %j',
  (name) => {
    expect(() => zipOf({ [name]: new Uint8Array() }, {})).toThrow('is no name for a file in a zip');
  },
);

const shape: ImageShape = [2, 2, 1];
test.each(imageFormats)('images as %s are the same from bytes as from numbers', (format) => {
  const frames = format === 'png' ? framesOf(shape).slice(0, 1) : framesOf(shape);
  const bytes = frames.map((frame) => Uint8Array.from(Uint8ClampedArray.from(frame, (value) => 255 * value)));
  const made = exportImages({ format, frames, shape, ...film });
  expect(Buffer.from(made).equals(exportImages({ format, frames: bytes, shape, ...film }))).toBe(true);
  if (format !== 'zip') return;
  const read = unzipSync(made);
  expect(Object.keys(read)).toHaveLength(10);
  expect(readPngText(read['frame-1/image-2.png'] ?? new Uint8Array())).toEqual({
    ...provenance,
    frame: '1',
    image: '2',
  });
});

test('frames that do not fit are refused', () => {
  const [a = new Float32Array(), b = a] = framesOf(shape);
  const make =
    (frames: Float32Array[], format: 'png' | 'gif' = 'gif') =>
    () =>
      exportImages({ format, frames, shape, ...film });
  expect(make([])).toThrow('These 0 frames do not hold the same number of images of 2 × 2 × 1.');
  expect(make([a, b.subarray(4)])).toThrow('These 2 frames');
  expect(make([a.subarray(1)])).toThrow('These 1 frames');
  expect(make([a, b], 'png')).toThrow('A PNG holds one frame, not 2.');
});
