import { decode } from 'fast-png';
import { expect, test } from 'vitest';
import type { ImageShape } from '../../core/data/dataset';
import { gridGif } from '../../core/figures/gif';
import { gridPixels } from '../../core/figures/pixels';
import { gridPng, imagePng } from '../../core/figures/png';
import { pngSize } from '../../core/figures/png-chunk';
import { readPngText, withPngText } from '../../core/figures/png-text';
import { figureRegistry } from '../../core/figures/registry';
import { toPng } from '../../core/figures/svg-png';

const provenance = { model: 'jeat', seed: '3', latin: 'ÿ é', note: 'x̃ → ∞', 'bad\u0000key': 'line\nbreak', empty: '' };
const written = { ...provenance, 'bad\u0000key': undefined, bad_key: 'line\nbreak' };
const pixel: ImageShape = [1, 1, 1];

test('a grid enlarges pixels without blur, clamps, and leaves white gaps', () => {
  const images = Float32Array.of(0, 0.5, 2, -1, NaN, 1);
  const { width, height, data } = gridPixels(images, 3, [1, 2, 1], { columns: 2, scale: 2, gap: 1 });
  expect([width, height]).toEqual([11, 7]);
  const at = (x: number, y: number) => data[y * width + x];
  expect([at(0, 0), at(1, 1), at(2, 2), at(3, 1), at(5, 1), at(6, 1), at(8, 1)]).toEqual([255, 0, 0, 128, 255, 255, 0]);
  expect([at(1, 4), at(3, 4), at(6, 4)]).toEqual([0, 255, 255]);
});

test('colours stay in order', () => {
  const png = decode(
    gridPng(Float32Array.of(1, 0, 0, 0, 1, 0), 2, [1, 1, 3], { columns: 2, scale: 1, gap: 0, provenance: {} }),
  );
  expect([png.width, png.height, png.channels, [...png.data]]).toEqual([2, 1, 3, [255, 0, 0, 0, 255, 0]]);
});

test('provenance comes back from the PNG, any text included, and the bytes do not change', () => {
  const make = () => imagePng(Float32Array.of(0.25), pixel, { scale: 3, provenance });
  expect(readPngText(make())).toEqual(JSON.parse(JSON.stringify(written)));
  expect(make()).toEqual(make());
  expect(pngSize(make())).toEqual({ width: 3, height: 3 });
  expect(decode(make()).text).toMatchObject({ model: 'jeat', seed: '3', latin: 'ÿ é' });
});

test('what is no PNG, or is cut off, is said or read as far as it goes', () => {
  expect(() => readPngText(new Uint8Array(100))).toThrow('These 100 bytes are not a PNG picture.');
  expect(() => withPngText(Uint8Array.of(137, 80), {})).toThrow(/2 bytes/);
  const png = imagePng(Float32Array.of(1), pixel, { scale: 1, provenance: { model: 'jeat' } });
  for (let length = 33; length < png.length; length++) readPngText(png.subarray(0, length));
});

test('layouts and sizes that cannot be are refused', () => {
  const grid =
    (n: number, columns: number, scale: number, gap = 0) =>
    () =>
      gridPixels(Float32Array.of(1, 1), n, pixel, { columns, scale, gap });
  expect(grid(3, 1, 1)).toThrow('2 values cannot be 3 images of 1 × 1 × 1.');
  expect(grid(2, 0, 1)).toThrow(/0 columns/);
  expect(grid(2, 1, 1.5)).toThrow(/scale 1.5/);
  expect(grid(2, 1, 1, -1)).toThrow(/gap of -1/);
  expect(grid(2, 1, 100_000)).toThrow(/too large/);
  expect(() => gridPixels(new Float32Array(), 0, pixel, { columns: 1, scale: 1, gap: 0 })).toThrow(/0 images/);
});

test.each(figureRegistry.all.map((figure) => [figure.id, figure] as const))(
  '%s becomes a PNG of its size times the scale, the same bytes each time',
  async (_, figure) => {
    for (const [theme, scale] of [
      ['light', 1],
      ['dark', 2],
    ] as const) {
      const svg = figure.example(theme);
      const [, width, height] = (/ width="(\d+(?:\.\d+)?)" height="(\d+)"/.exec(svg) ?? []).map(Number);
      const png = await toPng(svg, { scale, provenance: { figure: figure.id } });
      const size = pngSize(png);
      expect(Math.abs(size.width - (width ?? 0) * scale)).toBeLessThan(1);
      expect(size.height).toBe((height ?? 0) * scale);
      expect(readPngText(png)).toEqual({ figure: figure.id });
      expect(Buffer.from(png).equals(await toPng(svg, { scale, provenance: { figure: figure.id } }))).toBe(true);
      expect(new Set(decode(png).data).size).toBeGreaterThan(20);
    }
  },
);

test('letters are drawn with our own font', async () => {
  const svg = (text: string) =>
    `<svg xmlns="http://www.w3.org/2000/svg" width="80" height="20" font-family="Inter, sans-serif"><text y="15">${text}</text></svg>`;
  const ink = async (text: string) =>
    Array.from(decode(await toPng(svg(text), { scale: 1, provenance: {} })).data).reduce((sum, v) => sum + v, 0);
  expect(await ink('Energy −ε')).toBeGreaterThan(await ink('E'));
  expect(await ink('')).toBe(0);
});

test('toPng refuses another scale and what is no SVG', async () => {
  await expect(toPng('<svg/>', { scale: 5, provenance: {} })).rejects.toMatchObject({ code: 'BAD_OPTION' });
  await expect(toPng('not svg', { scale: 1, provenance: {} })).rejects.toMatchObject({ code: 'BAD_FILE' });
});

const film = { columns: 2, scale: 2, gap: 1, delay: 80, provenance: { model: 'jeat', long: 'x'.repeat(600) } };

test.each([
  ['grey', [2, 2, 1]],
  ['colour', [2, 2, 3]],
] as const)('a %s film has its frames, size and provenance, and the same bytes each time', (_, shape) => {
  const length = 3 * shape[0] * shape[1] * shape[2];
  const frames = [0, 1, 2].map((k) => Float32Array.from({ length }, (_, i) => ((i + k) % 7) / 6));
  const gif = Buffer.from(gridGif(frames, 3, shape, film));
  expect(gif.subarray(0, 6).toString('latin1')).toBe('GIF89a');
  expect([gif.readUInt16LE(6), gif.readUInt16LE(8)]).toEqual([11, 11]);
  expect(gif.at(-1)).toBe(0x3b);
  expect(gif.toString('latin1').split('\x21\xf9\x04').length - 1).toBe(3);
  expect(gif.includes('{"model":"jeat"')).toBe(true);
  expect(gif.equals(gridGif(frames, 3, shape, film))).toBe(true);
});

test('a film needs a frame', () => {
  expect(() => gridGif([], 1, pixel, film)).toThrow('A film needs at least one frame; there is none.');
});
