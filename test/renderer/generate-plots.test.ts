/** The parts of the Generate view that compute: where images stand, what a brush does, scales of chains, what is kept of a way. */
import { describe, expect, it } from 'vitest';
import type { SamplingFrame } from '../../core/contract/areas/sampling';
import { meanOf, nearestChain, scalesOf } from '../../renderer/plots/chains/geometry';
import { nats } from '../../renderer/plots/chains/nats';
import { cornerOf, imageAt, placeGrid, placeOf, sizeOf } from '../../renderer/plots/grid/layout';
import { filled, inverted, share, stroke } from '../../renderer/plots/mask/brush';
import { arranged, arrangement } from '../../renderer/views/generate/arrange';
import { rangeOf, standing } from '../../renderer/views/generate/options';
import { extended, frameAt, noWay, spread } from '../../renderer/views/generate/trajectory';
import { encodeVideo, videoKinds } from '../../renderer/views/generate/video';

describe('placeGrid', () => {
  it.each([
    [50, 10, { width: 868, height: 420 }, 'columns'],
    [50, 10, { width: 300, height: 900 }, 'rows'],
    [7, 3, { width: 600, height: 300 }, 'none'],
    [35, 5, { width: 700, height: 300 }, 'columns'],
    [16, 1, { width: 400, height: 400 }, 'none'],
    [1, 1, { width: 400, height: 400 }, 'none'],
  ] as const)('%i images of %i classes fit the room, as large as they can be', (n, groups, room, grouped) => {
    const grid = placeGrid(n, groups, [28, 28], room);
    expect(grid.grouped).toBe(grouped);
    expect(grid.rows * grid.columns).toBeGreaterThanOrEqual(n);
    expect(sizeOf(grid).width).toBeLessThanOrEqual(room.width);
    expect(sizeOf(grid).height).toBeLessThanOrEqual(room.height);
    for (let i = 0; i < n; i++) expect(imageAt(grid, placeOf(grid, i), n)).toBe(i);
    const corners = new Set(Array.from({ length: n }, (_, i) => JSON.stringify(cornerOf(grid, i))));
    expect(corners.size).toBe(n);
  });

  it('gives a class several columns where that makes its images larger', () => {
    const grid = placeGrid(24, 2, [28, 28], { width: 478, height: 230 });
    expect(grid).toMatchObject({ grouped: 'columns', columns: 8, rows: 3, group: { size: 12, columns: 4 } });
    expect([0, 3, 4, 12].map((i) => placeOf(grid, i))).toEqual([
      { row: 0, column: 0 },
      { row: 0, column: 3 },
      { row: 1, column: 0 },
      { row: 0, column: 4 },
    ]);
  });

  it('keeps the images of a class in one column', () => {
    const grid = placeGrid(20, 4, [8, 8], { width: 400, height: 520 });
    expect(grid).toMatchObject({ grouped: 'columns', columns: 4, rows: 5 });
    expect([0, 4, 5].map((i) => placeOf(grid, i).column)).toEqual([0, 0, 1]);
    expect(imageAt(grid, { row: 5, column: 0 }, 20)).toBeUndefined();
  });
});

describe('arrangement', () => {
  it('puts two sets side by side, a blank between them, each image in its place', () => {
    const grid = placeGrid(4, 2, [1, 1], { width: 400, height: 200 });
    const both = arrangement([grid, grid], 4);
    expect(both.columns).toBe(2 * grid.columns + 1);
    const pixels = arranged(both, [Uint8Array.of(1, 2, 3, 4), Uint8Array.of(5, 6, 7, 8)], [1, 1, 1]);
    const rows = Array.from({ length: both.rows }, (_, r) => [
      ...pixels.slice(r * both.columns, (r + 1) * both.columns),
    ]);
    expect(rows[0]?.[grid.columns]).toBe(255);
    expect(rows.flat().sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, ...Array(both.rows).fill(255)]);
    expect(rows[0]?.[0]).toBe(1);
    expect(rows[0]?.[grid.columns + 1]).toBe(5);
  });
});

describe('the brush', () => {
  const size = { height: 9, width: 9 };
  it('paints a line as wide as it is, and nothing else', () => {
    const mask = stroke(filled(size, 0), size, { row: 4, column: 1 }, { row: 4, column: 7 }, { radius: 1, value: 1 });
    expect(mask[4 * 9 + 4]).toBe(1);
    expect([mask[3 * 9 + 4], mask[5 * 9 + 4]]).toEqual([1, 1]);
    expect([mask[2 * 9 + 4], mask[6 * 9 + 4], mask[4 * 9 + 8]]).toEqual([0, 0, 1]);
    const erased = stroke(mask, size, { row: 4, column: 4 }, { row: 4, column: 4 }, { radius: 20, value: 0 });
    expect(share(erased)).toBe(0);
    expect(share(inverted(erased))).toBe(1);
  });

  it('paints at least the pixel under it', () => {
    const spot = { row: 2, column: 2 };
    expect(share(stroke(filled(size, 0), size, spot, spot, { radius: 0.1, value: 1 }))).toBe(1 / 81);
  });
});

describe('energies along chains', () => {
  const room = { width: 500, height: 120, left: 40, right: 10, top: 10, bottom: 20 };
  const points = [0, 10].map((step) => ({ step, values: Float32Array.of(5 - step / 2, 20 - step, NaN) }));
  const sets = [{ label: 'jeat', colour: '#009e73', points }];

  it('finds the chain under the pointer, and none where there is none', () => {
    const scales = scalesOf(sets, 10, room);
    expect(nearestChain(sets, scales, { x: scales.x(10), y: scales.y(10) + 3 })).toEqual({
      set: 0,
      chain: 1,
      step: 10,
    });
    expect(nearestChain(sets, scales, { x: scales.x(0), y: scales.y(5) - 2 })).toEqual({ set: 0, chain: 0, step: 0 });
    expect(nearestChain(sets, scales, { x: scales.x(10), y: scales.y(0) - 100 }, 5)).toBeUndefined();
  });

  it('holds every finite value and the steps to come, also where there is none yet', () => {
    const scales = scalesOf(sets, 60, room);
    expect(scales.x(60)).toBe(room.width - room.right);
    for (const energy of [0, 5, 10, 20]) {
      expect(scales.y(energy)).toBeGreaterThanOrEqual(room.top);
      expect(scales.y(energy)).toBeLessThanOrEqual(room.height - room.bottom);
    }
    expect(Number.isFinite(scalesOf([], 60, room).y(0))).toBe(true);
    expect(meanOf(Float32Array.of(1, NaN, 3))).toBe(2);
    expect(meanOf(new Float32Array())).toBeNaN();
  });

  it.each([
    [-12.3456, '−12.35'],
    [-0.001, '0.00'],
    [NaN, 'not finite'],
    [123456, '1.23e+5'],
  ])('writes %d nats as %s', (energy, text) => expect(nats(energy)).toBe(text));
});

describe('the way of chains', () => {
  const frame = (step: number): SamplingFrame => ({
    step,
    images: new Uint8Array(100),
    marginal: Float32Array.of(-step),
    predicted: Uint8Array.of(0),
  });
  const walked = (steps: number, limit: number) =>
    Array.from({ length: steps + 1 }, (_, k) => frame(k)).reduce((way, each) => extended(way, each, limit), noWay);

  it('keeps all energies, and as many images as the memory allows: the first, the newest, evenly between', () => {
    const way = walked(40, 1000);
    expect(way.marginal.map(({ step }) => step)).toEqual([...Array(41).keys()]);
    const steps = way.frames.map(({ step }) => step);
    expect(steps.length).toBeLessThanOrEqual(10);
    expect(steps.length).toBeGreaterThan(4);
    expect([steps[0], steps.at(-1)]).toEqual([0, 40]);
    const gaps = new Set(steps.slice(1, -1).map((step, i) => step - (steps[i] ?? 0)));
    expect(gaps.size).toBe(1);
  });

  it('finds the frame of a step, or the last before it', () => {
    const way = walked(5, 1e6);
    expect(frameAt(way, 3)?.step).toBe(3);
    expect(frameAt(way, 99)?.step).toBe(5);
    expect(frameAt(noWay, 0)).toBeUndefined();
    expect(spread(11, 3)).toEqual([0, 5, 10]);
    expect(spread(2, 5)).toEqual([0, 1]);
  });
});

describe('options', () => {
  it('stand as the user set them, over the recipe, over the defaults', () => {
    const number = { kind: 'real', default: 1, min: 0, max: Infinity, help: '' } as const;
    const schema = { a: number, b: number, c: number };
    expect(standing(schema, { b: 2, c: 2 }, { c: 3 })).toEqual({ a: 1, b: 2, c: 3 });
  });

  it.each([
    ['step', { min: 0, max: Infinity }, 0.4],
    ['noise', { min: 0, max: Infinity }, 0.005],
    ['noise', { min: 0, max: Infinity }, 0],
    ['momentum', { min: 0, max: 1 }, 0.5],
  ])('a slider of %s holds its usual value', (name, bounds, base) => {
    const range = rangeOf(bounds, base, name);
    expect(range.min).toBeLessThanOrEqual(base);
    expect(range.max).toBeGreaterThan(base);
    expect(range.min).toBeGreaterThanOrEqual(bounds.min);
    if (range.scale === 'log') expect(range.min).toBeGreaterThan(0);
    if (name === 'noise') expect(range.min).toBe(0);
  });
});

it.each(videoKinds)('says that there is no encoder for %s, and what shows the same', async (kind) => {
  const canvas = document.createElement('canvas');
  const film = { canvas, frames: 1, draw: () => undefined, delay: 0.1, title: '', comment: '' };
  await expect(encodeVideo(kind, film)).rejects.toMatchObject({
    message: expect.stringContaining('has no encoder') as string,
    hint: 'A GIF or an APNG shows the same.',
  });
});
