import { expect, test } from 'vitest';
import { choice, count, distance, flag, list, parseNumber, real, resolve, text } from '../../core/lib/options';

const schema = {
  eps: distance('8/255', 'Radius.'),
  rate: real(0.1, 'Rate.', { min: 0, max: 1 }),
  steps: count(10, 'Steps.', { min: 1, max: 20 }),
  norm: choice(['linf', 'l2'], 'linf', 'Norm.'),
  clamp: flag(true, 'Clamp.'),
  name: text('', 'Name.'),
  levels: list([1], 'Levels.', { min: 0 }),
};

test('defaults fill in, and text from a command line becomes values', () => {
  expect(resolve(schema, {}, 'x')).toEqual({
    eps: 8 / 255,
    rate: 0.1,
    steps: 10,
    norm: 'linf',
    clamp: true,
    name: '',
    levels: [1],
  });
  const given = { eps: '4/255', rate: '1', steps: '3', norm: 'l2', clamp: 'false', name: 'n', levels: '1,2/4' };
  expect(resolve(schema, given, 'x')).toEqual({
    eps: 4 / 255,
    rate: 1,
    steps: 3,
    norm: 'l2',
    clamp: false,
    name: 'n',
    levels: [1, 0.5],
  });
});

test('resolved values resolve to themselves', () => {
  const once = resolve(schema, { steps: 4 }, 'x');
  expect(resolve(schema, once, 'x')).toEqual(once);
});

test.each([
  [{ eps: -0.1 }, 'x.eps is -0.1; it must be a number of at least 0.'],
  [{ eps: 'wide' }, 'x.eps is "wide"'],
  [{ eps: NaN }, 'x.eps is null'],
  [{ eps: '1/0' }, 'x.eps is "1/0"'],
  [{ rate: 2 }, 'it must be a number from 0 to 1.'],
  [{ steps: 1.5 }, 'it must be a whole number from 1 to 20.'],
  [{ steps: 0 }, 'x.steps is 0'],
  [{ norm: 'l1' }, 'it must be one of linf, l2.'],
  [{ clamp: 'maybe' }, 'it must be true or false.'],
  [{ name: 'a'.repeat(5000) }, 'at most 4096 characters'],
  [{ levels: '1,,2' }, 'separated by commas'],
  [{ levels: { length: 1 } }, 'x.levels is {"length":1}'],
  [{ stpes: 1 }, "Unknown option of x 'stpes'."],
  [{ constructor: 1 }, "Unknown option of x 'constructor'."],
])('%j is refused', (given, message) => {
  expect(() => resolve(schema, given, 'x')).toThrow(
    expect.objectContaining({ code: 'BAD_OPTION', message: expect.stringContaining(message) }),
  );
});

test.each([
  ['8/255', 8 / 255],
  ['-3', -3],
  [' 2 ', 2],
  ['1e-3', 0.001],
  ['', NaN],
  ['1/2/3', NaN],
  [undefined, NaN],
])('parseNumber(%j)', (value, number) => expect(parseNumber(value)).toBe(number));
