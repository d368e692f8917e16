/** The atlas without a screen: where tiles lie, which pages they come from, zooming, keys, and the pages that are at hand. */
import { describe, expect, it, vi } from 'vitest';
import { anchorAt, cellRange, offsetX, pointOf, settled } from '../../renderer/plots/atlas/camera';
import { moved } from '../../renderer/plots/atlas/keys';
import { AtlasLayout } from '../../renderer/plots/atlas/layout';
import { levelFor, levelsOf, pageRgba } from '../../renderer/plots/atlas/levels';
import { PageStore, asked } from '../../renderer/plots/atlas/pages';
import { nearestPoint, toPlane, toScreen, zoomed } from '../../renderer/plots/atlas/points';
import { preference, runsOf } from '../../renderer/plots/atlas/runs';
import { difference, gainFor } from '../../renderer/plots/compare/difference';

const sections = [
  { title: 'cat', count: 25 },
  { title: 'dog', count: 0 },
  { title: 'ox', count: 13 },
];
const layout = new AtlasLayout(sections, { columns: 10, cell: 20, heading: 30 });

describe('the layout', () => {
  it('finds every tile again at its own place', () => {
    for (let position = 0; position < layout.total; position++) {
      const { x, y } = layout.place(position);
      expect(layout.at(x, y)).toBe(position);
      expect(layout.at(x + 19.9, y + 19.9)).toBe(position);
    }
  });

  it('has nothing in headings, beside the rows and behind the last tile', () => {
    expect(layout.at(5, 10)).toBeUndefined();
    expect(layout.at(200, 35)).toBeUndefined();
    expect(layout.at(110, 75)).toBeUndefined();
    expect(layout.at(-1, 35)).toBeUndefined();
  });

  it('is as high as its headings and rows', () => {
    expect(layout.height).toBe(30 + 3 * 20 + 30 + 30 + 2 * 20);
  });

  it('gives the nearest tile anywhere', () => {
    expect(layout.nearest(0, 0)).toBe(0);
    expect(layout.nearest(500, 500)).toBe(37);
    expect(layout.nearest(195, 75)).toBe(24);
    expect(new AtlasLayout([], { columns: 3, cell: 10, heading: 0 }).nearest(0, 0)).toBeUndefined();
  });

  it('shows just the rows that reach into the view', () => {
    expect(layout.visible(40, 70)).toEqual([{ section: 0, from: 0, to: 2 }]);
    const seen = layout.visible(0, layout.height);
    expect(seen.map(({ to }) => to)).toEqual([3, 0, 2]);
  });
});

describe('levels', () => {
  const levels = levelsOf([32, 32, 3]);

  it('halve the sides down to two pixels, in pages of at most 512', () => {
    expect(levels.map(({ side }) => side)).toEqual([32, 16, 8, 4, 2]);
    for (const { side, across, tiles } of levels) {
      expect(side * across).toBeLessThanOrEqual(512);
      expect(tiles).toBeLessThanOrEqual(65_536);
    }
  });

  it('take the smallest that has the pixels', () => {
    expect(levels[levelFor(levels, 32)]?.side).toBe(32);
    expect(levels[levelFor(levels, 300)]?.side).toBe(32);
    expect(levels[levelFor(levels, 16)]?.side).toBe(16);
    expect(levels[levelFor(levels, 3)]?.side).toBe(4);
  });

  it('put each image into the middle of its square', () => {
    const [level] = levelsOf([2, 4, 1]);
    if (!level) throw new Error('no level');
    expect(level.side).toBe(4);
    const rgba = pageRgba(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), 1, level);
    const row = level.across * 4 * 4;
    expect(Array.from(rgba.subarray(0, 4))).toEqual([0, 0, 0, 0]);
    expect(Array.from(rgba.subarray(row, row + 8))).toEqual([1, 1, 1, 255, 2, 2, 2, 255]);
    expect(Array.from(rgba.subarray(2 * row + 12, 2 * row + 16))).toEqual([8, 8, 8, 255]);
  });

  it('keep colours in their order', () => {
    const [level] = levelsOf([1, 1, 3]);
    if (!level) throw new Error('no level');
    expect(Array.from(pageRgba(Uint8Array.of(9, 8, 7, 6, 5, 4), 3, level).subarray(0, 8))).toEqual([
      9, 8, 7, 255, 6, 5, 4, 255,
    ]);
  });
});

describe('runs', () => {
  const levels = levelsOf([32, 32, 3]);
  const order = preference(levels.length, 1);

  it('cover a row once, in order, each inside one row of one page', () => {
    const runs = [...runsOf(levels, order, 100, 2500, (level, page) => level === 1 && page % 2 === 0)];
    let at = 100;
    for (const { position, count, tile, level } of runs) {
      expect(position).toBe(at);
      const across = levels[level]?.across ?? 0;
      expect((tile % across) + count).toBeLessThanOrEqual(across);
      at += count;
    }
    expect(at).toBe(2500);
    expect(new Set(runs.map(({ ready }) => ready))).toEqual(new Set([true, false]));
  });

  it('stand in with a coarser page rather than a finer one', () => {
    const [run] = runsOf(levels, order, 0, 10, (level) => level !== 1);
    expect(run).toMatchObject({ level: 2, ready: true });
    expect(order).toEqual([1, 2, 3, 4, 0]);
  });
});

describe('zooming', () => {
  const size = { width: 1000, height: 600, ratio: 2 };

  it('settles on whole device pixels and the columns that fit', () => {
    expect(settled(33.3, size)).toEqual({ cell: 33.5, columns: 29 });
  });

  it('reaches from all images at once to large ones', () => {
    const { least, most } = cellRange(60_000, size);
    expect(least * least * 60_000).toBeLessThanOrEqual(1000 * 600);
    expect(most).toBeGreaterThanOrEqual(64);
    expect(cellRange(4, size).least).toBeLessThanOrEqual(32);
  });

  it('keeps the anchor where it is', () => {
    const anchor = anchorAt(layout, 57, 180);
    const larger = new AtlasLayout(sections, { columns: 10, cell: 50, heading: 30 });
    const point = pointOf(larger, anchor);
    expect(larger.at(point.x, point.y)).toBe(layout.at(57, 180));
  });

  it('centres what is narrower than the view', () => {
    expect(offsetX(80, 400, 1000)).toBe(-300);
    expect(offsetX(900, 1400, 1000)).toBe(400);
  });
});

describe('keys', () => {
  it.each([
    ['ArrowRight', 3, 4],
    ['ArrowLeft', 0, 0],
    ['ArrowDown', 3, 13],
    ['ArrowUp', 13, 3],
    ['Home', 20, 0],
    ['End', 3, 37],
  ])('%s leads from %i to %i', (key, from, to) => {
    expect(moved(key, from, layout, 5)).toBe(to);
  });

  it('go over headings, and stop at the ends', () => {
    expect(moved('ArrowDown', 22, layout, 5)).toBe(27);
    expect(moved('ArrowUp', 27, layout, 5)).toBe(22);
    expect(moved('PageDown', 36, layout, 50)).toBe(37);
    expect(moved('PageUp', 30, layout, 50)).toBe(5);
  });

  it('begin at the first tile, and leave other keys alone', () => {
    expect(moved('ArrowDown', undefined, layout, 5)).toBe(0);
    expect(moved('x', 3, layout, 5)).toBeUndefined();
    expect(moved('ArrowDown', undefined, new AtlasLayout([], layout.grid), 5)).toBeUndefined();
  });
});

describe('pages', () => {
  const levels = levelsOf([32, 32, 3]);
  const open = (load = vi.fn(async () => new Uint8Array()), most?: number) => {
    const closed: number[] = [];
    let made = 0;
    const failed: unknown[] = [];
    const store = new PageStore({
      levels,
      load,
      paint: () => ({ id: made++, close: () => void closed.push(1) }),
      onChange: () => undefined,
      onError: (error) => failed.push(error),
      ...(most ? { most } : {}),
    });
    store.use(Uint32Array.from({ length: 3000 }, (_, i) => i));
    return { store, load, closed, failed };
  };
  const settle = () => new Promise((resolve) => setTimeout(resolve, 5));

  it('are asked for once, as a range where they are one', async () => {
    const { store, load } = open();
    store.want([
      { level: 0, page: 1 },
      { level: 0, page: 1 },
    ]);
    store.want([{ level: 0, page: 1 }]);
    await settle();
    expect(load).toHaveBeenCalledTimes(1);
    expect(load).toHaveBeenCalledWith({ from: 256, count: 256 }, 1, expect.any(AbortSignal));
    expect(store.get(0, 1)).toBeDefined();
    store.want([{ level: 0, page: 1 }]);
    await settle();
    expect(load).toHaveBeenCalledTimes(1);
  });

  it('are let go when there are too many, the oldest first', async () => {
    const { store, closed } = open(undefined, 2);
    for (const page of [0, 1, 2]) {
      store.want([{ level: 0, page }]);
      await settle();
      store.get(0, 0);
    }
    expect([0, 1, 2].map((page) => store.get(0, page) !== undefined)).toEqual([true, false, true]);
    expect(closed).toHaveLength(1);
  });

  it('that failed are not asked for again until told to', async () => {
    const load = vi.fn(() => Promise.reject(new Error('gone')));
    const { store, failed } = open(load);
    store.want([{ level: 0, page: 0 }]);
    await settle();
    store.want([{ level: 0, page: 0 }]);
    await settle();
    expect(load).toHaveBeenCalledTimes(1);
    expect(failed).toHaveLength(1);
    store.retry();
    store.want([{ level: 0, page: 0 }]);
    await settle();
    expect(load).toHaveBeenCalledTimes(2);
  });

  it('of another order are not mixed up with those on their way', async () => {
    let finish: (bytes: Uint8Array) => void = () => undefined;
    const { store, closed } = open(vi.fn(() => new Promise<Uint8Array>((resolve) => (finish = resolve))));
    store.want([{ level: 0, page: 0 }]);
    store.use(Uint32Array.of(5, 3));
    finish(new Uint8Array());
    await settle();
    expect(store.get(0, 0)).toBeUndefined();
    expect(closed).toHaveLength(1);
  });

  it('are lists where the order is not that of the images', () => {
    expect(asked(Uint32Array.of(4, 5, 6))).toEqual({ from: 4, count: 3 });
    expect(asked(Uint32Array.of(4, 6, 5))).toEqual(Uint32Array.of(4, 6, 5));
  });
});

describe('points', () => {
  const view = { left: 0, bottom: 0, size: 1 };
  const size = { width: 400, height: 200 };

  it('lie upwards, in the middle of the longer side', () => {
    expect(toScreen(view, size, 0, 0)).toEqual({ x: 100, y: 200 });
    expect(toScreen(view, size, 1, 1)).toEqual({ x: 300, y: 0 });
    expect(toPlane(view, size, 300, 0)).toEqual({ x: 1, y: 1 });
  });

  it('stay under the pointer while it zooms', () => {
    const before = toPlane(view, size, 240, 60);
    const after = toPlane(zoomed(view, 3, 240, 60, size), size, 240, 60);
    expect(after.x).toBeCloseTo(before.x, 10);
    expect(after.y).toBeCloseTo(before.y, 10);
  });

  it('are found near the pointer, among those that are shown', () => {
    const points = Float32Array.of(0.5, 0.5, 0.52, 0.5, 0.9, 0.9);
    expect(nearestPoint(points, Uint32Array.of(0, 1, 2), view, size, 203, 100)).toBe(1);
    expect(nearestPoint(points, Uint32Array.of(0, 2), view, size, 203, 100)).toBe(0);
    expect(nearestPoint(points, Uint32Array.of(0, 1, 2), view, size, 150, 20)).toBeUndefined();
  });
});

describe('the difference', () => {
  it('is ten times the change round grey, or less where that would be cut', () => {
    const clean = Float32Array.of(0.2, 0.5);
    const small = Float32Array.of(0.23, 0.5);
    expect(gainFor(clean, small)).toBe(10);
    const [first, second] = difference(clean, small, 10);
    expect(first).toBeCloseTo(0.8, 5);
    expect(second).toBeCloseTo(0.5, 5);
    expect(gainFor(clean, Float32Array.of(0.3, 0.5))).toBe(5);
    expect(gainFor(clean, clean)).toBe(10);
  });
});
