import { expect, test } from 'vitest';
import type { Batch, ImageShape } from '../../core/data/dataset';
import { parseTransforms, transformBatch, transformRegistry } from '../../core/data/transforms';
import { key } from '../../core/lib/key';
import { uniforms } from '../../core/lib/philox';

const shape: ImageShape = [12, 10, 3];
const size = 16;
const stride = 12 * 10 * 3;
const batch: Batch = {
  x: Float32Array.from(uniforms(key(1, 'images'), size * stride)),
  y: Int32Array.from({ length: size }, (_, i) => i % 10),
  size,
};
const image = ({ x }: Batch, n: number) => x.subarray(n * stride, (n + 1) * stride);
const apply = (list: string, seed = 0, step = 0, given = batch, of = shape) =>
  transformBatch(given, of, parseTransforms(list), key(seed, 'transforms', step));

test.each(transformRegistry.all)('$id: in range, seeded, and pure', ({ id }) => {
  const before = batch.x.slice();
  const once = apply(id);
  expect(batch.x).toEqual(before);
  expect(once.x).not.toEqual(batch.x);
  expect(once.y).toEqual(batch.y);
  expect(once.x.every((value) => value >= 0 && value <= 1)).toBe(true);
  expect(apply(id).x).toEqual(once.x);
  expect(apply(id, 1).x).not.toEqual(once.x);
  expect(apply(id, 0, 1).x).not.toEqual(once.x);
});

/** The image moved by (down, right), mirrored at its borders without repeating them. */
function moved(source: Float32Array, down: number, right: number): Float32Array {
  const [height, width, channels] = shape;
  const mirror = (i: number, most: number) => Math.abs(i > most ? 2 * most - i : i);
  return source.map((_, at) => {
    const [row, column] = [Math.floor(at / channels / width), Math.floor(at / channels) % width];
    const from = mirror(row + down, height - 1) * width + mirror(column + right, width - 1);
    return source[from * channels + (at % channels)] ?? NaN;
  });
}

test('crop gives one of the (2 pad + 1)^2 moved images, and more than one of them', () => {
  const shifts = Array.from({ length: 81 }, (_, i) => [Math.floor(i / 9) - 4, (i % 9) - 4] as const);
  const cropped = apply('crop:pad=4');
  const chosen = Array.from({ length: size }, (_, n) =>
    shifts.findIndex(([down, right]) =>
      moved(image(batch, n), down, right).every((value, i) => value === image(cropped, n)[i]),
    ),
  );
  expect(Math.min(...chosen)).toBeGreaterThanOrEqual(0);
  expect(new Set(chosen).size).toBeGreaterThan(size / 2);
});

test('flip mirrors left and right: all, none, or some of the images', () => {
  const mirrored = apply('flip:probability=1');
  expect(mirrored.x).not.toEqual(batch.x);
  expect(apply('flip:probability=1', 0, 0, mirrored).x).toEqual(batch.x);
  expect([...mirrored.x.subarray(0, 3)]).toEqual([...batch.x.subarray(27, 30)]);
  expect(apply('flip:probability=0').x).toEqual(batch.x);
  const some = apply('flip');
  const kept = Array.from({ length: size }, (_, n) => image(some, n).every((value, i) => value === image(batch, n)[i]));
  expect(new Set(kept)).toEqual(new Set([true, false]));
});

test('cutout fills at most one square of the side, and a quarter of it at least', () => {
  const cut = apply('cutout:size=6:fill=0');
  for (let n = 0; n < size; n++) {
    const changed = image(cut, n).reduce((sum, value, i) => sum + (value === image(batch, n)[i] ? 0 : 1), 0);
    expect(changed).toBeLessThanOrEqual(6 * 6 * 3);
    expect(changed).toBeGreaterThanOrEqual(3 * 3 * 3);
  }
});

test('noise has the mean 0 and the standard deviation asked for', () => {
  const grey: Batch = { x: new Float32Array(size * stride).fill(0.5), y: batch.y, size };
  const noisy = apply('noise:sigma=0.1', 0, 0, grey).x.map((value) => value - 0.5);
  const mean = noisy.reduce((sum, value) => sum + value, 0) / noisy.length;
  const variance = noisy.reduce((sum, value) => sum + (value - mean) ** 2, 0) / noisy.length;
  expect(Math.abs(mean)).toBeLessThan(0.01);
  expect(Math.sqrt(variance)).toBeCloseTo(0.1, 2);
});

test('a list is applied in its order, each place with its own stream', () => {
  expect(parseTransforms('')).toEqual([]);
  expect(parseTransforms('crop, flip').map(({ entry, options }) => [entry.id, options])).toEqual([
    ['crop', { pad: 0 }],
    ['flip', { probability: 0.5 }],
  ]);
  const filledLast = apply('noise,cutout:size=10:fill=1');
  const filledFirst = apply('cutout:size=10:fill=1,noise');
  expect(filledLast.x).not.toEqual(filledFirst.x);
  expect(apply('noise,noise').x).not.toEqual(apply('noise').x);
});

test.each([
  ['crap', 'UNKNOWN_NAME', /'crap'/, /Did you mean 'crop'/],
  ['crop:pda=4', 'BAD_OPTION', /'pda'/, /Did you mean 'pad'/],
  ['crop:pad=-1', 'BAD_OPTION', /-1/, /./],
  ['crop:pad', 'BAD_OPTION', /name=value/, /crop:pad=4/],
  ['crop:pad=11', 'BAD_OPTION', /12x10/, /smaller/],
  ['cutout:size=11', 'BAD_OPTION', /12x10/, /smaller/],
])('%s is refused in one sentence', (list, code, message, hint) => {
  expect(() => apply(list)).toThrowError(
    expect.objectContaining({ code, message: expect.stringMatching(message), hint: expect.stringMatching(hint) }),
  );
});
