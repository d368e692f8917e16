import { describe, expect, it } from 'vitest';
import { bytes, count, distance, duration, percent, rate, real, words } from '../../renderer/lib/format';
import { search } from '../../renderer/lib/fuzzy';
import { toRgba } from '../../renderer/lib/pixels';

const plain = (text: string) => text.replaceAll('\u202f', ' ').replaceAll('\u2212', '-');

describe('format', () => {
  it.each([
    [count(12400), '12 400'],
    [count(-999), '-999'],
    [count(NaN), '–'],
    [real(0.0313725), '0.03137'],
    [real(-12.4), '-12.4'],
    [real(12345.678), '12 346'],
    [real(1.2e-7), '1.20e-7'],
    [real(0), '0'],
    [real(Infinity), '∞'],
    [percent(0.8213), '82.1 %'],
    [duration(0.2), '< 1 s'],
    [duration(42), '42 s'],
    [duration(180), '3 min'],
    [duration(7500), '2 h 05 min'],
    [duration(4 * 86400 + 3 * 3600), '4 d 3 h'],
    [rate(41.3, 'img'), '41 img/s'],
    [rate(1234, 'img'), '1 234 img/s'],
    [bytes(1536), '1.5 KiB'],
    [distance(8 / 255), '8/255'],
    [distance(0.3), '0.3'],
    [words('innerSteps'), 'Inner steps'],
    [words('EMA'), 'EMA'],
    [words('pgd-at'), 'PGD at'],
    [words('sgldSteps'), 'SGLD steps'],
    [words('lr'), 'Learning rate'],
  ])('%s', (got, wanted) => expect(plain(got)).toBe(wanted));
});

describe('search', () => {
  const items = ['Go to Train', 'Start training', 'Stop', 'Export figure'];
  const find = (query: string) => search(items, query, (item) => item);

  it('finds starts of words before letters in between', () => {
    expect(find('')).toEqual(items);
    expect(find('train')).toEqual(
      ['Start training', 'Go to Train'].sort((a, b) => items.indexOf(a) - items.indexOf(b)),
    );
    expect(find('gtt')).toEqual(['Go to Train']);
    expect(find('fig exp')).toEqual(['Export figure']);
    expect(find('qq')).toEqual([]);
  });
});

describe('toRgba', () => {
  it('reads bytes and floats, grey and colour', () => {
    expect([...toRgba(Uint8Array.of(7), [1, 1, 1])]).toEqual([7, 7, 7, 255]);
    expect([...toRgba(Float32Array.of(0, 0.5, 1), [1, 1, 3])]).toEqual([0, 128, 255, 255]);
    expect([...toRgba(Uint8Array.of(1, 2, 3, 4), [1, 1, 4])]).toEqual([1, 2, 3, 4]);
  });
});
