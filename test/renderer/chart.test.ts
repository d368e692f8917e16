/** What charts are made of: extremes by pyramid, smoothing, reduction that keeps spikes, ranges, and drawing within a frame. */
import { describe, expect, it } from 'vitest';
import { smoothed } from '../../core/figures/smooth';
import { Column, lowerBound, nearestIndex } from '../../renderer/plots/chart/column';
import { Quantity } from '../../renderer/plots/chart/curve';
import { Frames } from '../../renderer/plots/chart/frames';
import { heightRange } from '../../renderer/plots/chart/range';
import { reduced } from '../../renderer/plots/chart/reduce';

/** A number in [0,1) that looks random and is not. */
const noise = (i: number) => (Math.sin(i * 12.9898) * 43758.5453) % 1;

function stretch(values: readonly number[]) {
  const x = new Column();
  const y = new Quantity();
  x.append(values.map((_, i) => i));
  y.values.append(values);
  return { x, y };
}

describe('extremes', () => {
  it('are those of every stretch, while the column grows and after it is cut', () => {
    const y = new Quantity();
    const check = () => {
      y.extremes.update();
      const values = [...y.values.values];
      for (const [from, to] of [
        [0, values.length],
        [3, 17],
        [15, 16],
        [16, 48],
        [1, 1200],
        [250, 1999],
        [5, 5],
      ] as const) {
        const part = values.slice(from, to).filter(Number.isFinite);
        const expected = part.length > 0 ? [Math.min(...part), Math.max(...part)] : [Infinity, -Infinity];
        expect(y.extremes.of(from, to)).toEqual(expected);
      }
    };
    for (let i = 0; i < 2000; i++) {
      y.values.push(i % 97 === 0 ? NaN : i % 331 === 0 ? Infinity : noise(i));
      if (i % 500 === 0) check();
    }
    check();
    y.cut(777);
    check();
    for (let i = 0; i < 1500; i++) y.values.push(10 + noise(i));
    check();
  });

  it('are found without looking at every value', () => {
    const y = new Quantity();
    y.values.append(Float64Array.from({ length: 200_000 }, (_, i) => noise(i)));
    y.extremes.update();
    const began = performance.now();
    for (let i = 0; i < 2000; i++) y.extremes.of(i, 200_000 - i);
    expect(performance.now() - began).toBeLessThan(400);
  });
});

it('a smoothed column grows as the figure smooths all of it, and starts again when it is cut', () => {
  const values = Array.from({ length: 300 }, (_, i) => (i % 50 === 7 ? NaN : noise(i)));
  const { y } = stretch(values.slice(0, 120));
  y.smoothed.update(20);
  y.values.append(values.slice(120));
  y.smoothed.update(20);
  expect([...y.smoothed.values.values]).toEqual(smoothed(values, 20));
  y.cut(100);
  y.smoothed.update(20);
  expect([...y.smoothed.values.values]).toEqual(smoothed(values.slice(0, 100), 20));
});

describe('a reduced curve', () => {
  const values = Array.from({ length: 100_000 }, (_, i) => noise(i));
  values[54_321] = 1000;

  it('has an entry a column and keeps every spike', () => {
    const { x, low, high, joined } = reduced(stretch(values), [0, 99_999], 500, 1);
    expect(joined).toBe(true);
    expect(x.length).toBeGreaterThan(450);
    expect(x.length).toBeLessThanOrEqual(502);
    expect(Math.max(...high)).toBe(1000);
    expect(high[Math.floor(54_321 / 200)]).toBe(1000);
    expect(Math.min(...low)).toBe(Math.min(...values));
  });

  it('is the curve itself where there is room, with a point at each side of what is shown', () => {
    const { x, course, joined } = reduced(stretch(values), [54_300, 54_400], 500, 1);
    expect(joined).toBe(false);
    expect([x[0], x.at(-1)]).toEqual([54_299, 54_401]);
    expect(Math.max(...course)).toBe(1000);
  });

  it('is empty outside of its data, and passes over gaps', () => {
    expect(reduced(stretch([]), [0, 1], 100, 1).x).toHaveLength(0);
    const gaps = reduced(stretch(values.map((value, i) => (i < 50_000 ? NaN : value))), [0, 99_999], 100, 1);
    expect(gaps.low[10]).toBeNaN();
    expect(gaps.low[80]).toBeLessThan(0);
  });
});

it('the height shows the extremes, or trims them, and is positive on a log axis', () => {
  const one = reduced(stretch([...Array.from({ length: 200 }, (_, i) => 1 + (i % 10) / 10), 500]), [0, 200], 500, 1);
  const plain = { log: false, trim: false };
  expect(heightRange([one], plain)?.[1]).toBeGreaterThan(500);
  expect(heightRange([one], { ...plain, trim: true })?.[1]).toBeLessThan(3);
  expect(heightRange([one], { ...plain, fixed: [0, 1] })).toEqual([0, 1]);
  const signed = reduced(stretch([-1, 0, 0.01, 100]), [0, 3], 500, 1);
  const [low = NaN, high = NaN] = heightRange([signed], { log: true, trim: false }) ?? [];
  expect(low).toBeGreaterThan(0);
  expect(low).toBeLessThanOrEqual(0.01);
  expect(high).toBeGreaterThanOrEqual(100);
  expect(heightRange([], plain)).toBeUndefined();
});

it('looks values up where x rises', () => {
  const x = [0, 1, 1, 4, 9];
  expect([-1, 1, 2, 10].map((wanted) => lowerBound(x, wanted))).toEqual([0, 1, 3, 5]);
  expect([-5, 2, 3, 7, 99].map((wanted) => nearestIndex(x, wanted))).toEqual([0, 2, 3, 4, 4]);
  expect(nearestIndex([], 1)).toBe(-1);
});

it('draws what waits once a frame, and leaves to the next what has no room', () => {
  const asked: (() => void)[] = [];
  let time = 0;
  let attended = true;
  const frames = new Frames(
    (draw) => asked.push(draw),
    () => time,
    () => attended,
  );
  const drawn: string[] = [];
  const slow = (name: string) => () => {
    drawn.push(name);
    time += 5;
  };
  const [a, b, c] = [slow('a'), slow('b'), slow('c')];
  for (const draw of [a, a, b, c, a]) frames.request(draw);
  expect(asked).toHaveLength(1);
  asked.shift()?.();
  expect(drawn).toEqual(['a', 'b']);
  frames.request(a);
  asked.shift()?.();
  expect(drawn).toEqual(['a', 'b', 'c', 'a']);
  expect(asked).toHaveLength(0);

  // nobody's input waits: one frame for all
  attended = false;
  for (const draw of [a, b, c]) frames.request(draw);
  asked.shift()?.();
  expect(drawn.slice(4)).toEqual(['a', 'b', 'c']);
  expect(asked).toHaveLength(0);
});
