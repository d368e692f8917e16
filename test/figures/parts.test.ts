import { expect, test } from 'vitest';
import { batlow } from '../../core/figures/batlow';
import { fullRange, sharedRange } from '../../core/figures/contour-range';
import { smoothed } from '../../core/figures/smooth';
import { fit, textWidth, wrap } from '../../core/figures/text-width';
import { coloursFor, seriesColour, themes } from '../../core/figures/theme';
import { thinned } from '../../core/figures/thin';

const ramp = (low: number, high: number, n = 400) =>
  Float32Array.from({ length: n }, (_, i) => low + ((high - low) * i) / (n - 1));

test('a shared scale covers panels that are alike, NaN left out', () => {
  expect(sharedRange([ramp(-2, 1), ramp(-1, 3)])).toEqual({ low: -2, high: 3 });
  expect(fullRange(Float32Array.of(NaN, 2, Infinity, -1))).toEqual({ low: -1, high: 2 });
  expect(sharedRange([Float32Array.of(NaN)])).toBeUndefined();
});

test('one wild panel does not hide the others on a shared scale', () => {
  const range = sharedRange([ramp(-500, 100), ramp(-1, 1), ramp(-1, 2), ramp(0, 2)]);
  expect(range).toBeDefined();
  const { low, high } = range ?? { low: 0, high: 0 };
  expect(high - low).toBeLessThan(12);
  expect(low).toBeLessThanOrEqual(-0.9);
  expect(high).toBeGreaterThanOrEqual(1.9);
});

test('single outliers are cut from a shared scale', () => {
  const { low = 0, high = 0 } = sharedRange([ramp(0, 1).fill(1e6, 0, 1), ramp(0, 1)]) ?? {};
  expect(low).toBeLessThan(0.05);
  expect(high).toBeLessThanOrEqual(1);
});

test('batlow is dark for low and light for high, and stops at its ends', () => {
  expect([batlow(0), batlow(1), batlow(-3), batlow(9)]).toEqual(['#011959', '#faccfa', '#011959', '#faccfa']);
});

test('a method has one colour whatever its case, and two series never share one', () => {
  expect(seriesColour('JEAT')).toBe('#009e73');
  expect(seriesColour('energy.adversarial')).toBe('#d55e00');
  expect(seriesColour('constructor')).toBeUndefined();
  expect(seriesColour('DAT', 'dark')).toBe(themes.dark.greySeries);
  const colours = coloursFor(['clean', 'noise', 'a', 'b', 'jeat', 'generated'], 'light');
  expect(new Set(colours).size).toBe(6);
  expect(colours[4]).toBe('#009e73');
});

test('a thinned curve keeps its ends and its peaks', () => {
  const points = Array.from({ length: 50_000 }, (_, i): [number, number] => [
    i,
    i === 31_337 ? 99 : i === 20_001 ? -99 : 0,
  ]);
  const kept = thinned(points);
  expect(kept.length).toBeLessThanOrEqual(1600);
  expect(kept).toEqual(
    expect.arrayContaining([
      [0, 0],
      [31_337, 99],
      [20_001, -99],
      [49_999, 0],
    ]),
  );
  expect(kept.map(([x]) => x)).toEqual([...kept.map(([x]) => x)].sort((a, b) => a - b));
});

test('a moving average starts at its first value, keeps a constant, and leaves gaps as gaps', () => {
  expect(smoothed([3, 3, 3], 5).map((value) => Math.round(value * 1e9) / 1e9)).toEqual([3, 3, 3]);
  expect(smoothed([1, 4, 2], 1)).toEqual([1, 4, 2]);
  expect(smoothed([2, 8], 2)).toEqual([2, (1 + 8) / 1.5]);
  expect(smoothed([2, NaN, 8, Infinity], 2)).toEqual([2, NaN, 6, Infinity]);
  const [first = 0, ...rest] = smoothed(
    Array.from({ length: 400 }, (_, i) => (i % 2 === 0 ? 1 : -1)),
    40,
  );
  expect(first).toBe(1);
  expect(Math.max(...rest.slice(100).map(Math.abs))).toBeLessThan(0.05);
});

test('text is cut and wrapped to its width', () => {
  expect(textWidth('iii', 10)).toBeLessThan(textWidth('WWW', 10));
  expect(fit('short', 12, 200)).toBe('short');
  expect(textWidth(fit('a very long label indeed', 12, 60), 12)).toBeLessThanOrEqual(60);
  const lines = wrap('word '.repeat(200), 11, 100, 3);
  expect(lines).toHaveLength(3);
  for (const line of lines) expect(textWidth(line, 11)).toBeLessThanOrEqual(100);
  expect(wrap('  ', 11, 100)).toEqual([]);
});
