/** The measures of generated images against torch-fidelity, prdc, pytorch-fid and numpy, and where the answer is known without them. */
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../../core/engine/engine';
import { type Features, type Pace, paced } from '../../../core/metrics/generation/features';
import { frechetDistance } from '../../../core/metrics/generation/frechet';
import { inceptionScore } from '../../../core/metrics/generation/inception-score';
import { kernelDistance } from '../../../core/metrics/generation/kernel-distance';
import { manifolds } from '../../../core/metrics/generation/manifolds';
import { RandomState } from '../../../core/metrics/generation/mersenne';
import { momentsOf } from '../../../core/metrics/generation/moments';
import { decodeStatistics, encodeStatistics } from '../../../core/metrics/generation/statistics-file';
import { u } from '../../models/formula';
import { open, testEngines } from '../../engines';
import { features, fixtureBytes, found, logits, pair } from './formula';

const pace = paced();
const distance = async (a: Features, b: Features, at: Pace = pace) =>
  frechetDistance(await momentsOf(a, pace), await momentsOf(b, pace), at);
const near = (value: number | undefined, expected: number, relative: number) =>
  expect(Math.abs((value ?? NaN) - expected) / Math.max(Math.abs(expected), 1e-3)).toBeLessThan(relative);

it('numpy’s RandomState(2020) permutes and draws the same', () => {
  const random = new RandomState(2020);
  const [first, drawn, last] = found.orders;
  expect([...random.permutation(12)]).toEqual(first);
  expect([...random.choice(50_000, 8)]).toEqual(drawn);
  expect([...random.permutation(3)]).toEqual(last);
});

describe('the Fréchet distance', () => {
  it.each(found.frechet)(
    'of $of is torch-fidelity’s, and that of singular values',
    async ({ of, sizes, ...expected }) => {
      const [a, b] = pair(of, sizes);
      const { value, ranks } = await distance(a, b);
      near(value, expected.fidelity, 1e-5);
      near(value, expected.exact, 1e-6);
      expect(ranks).toEqual([a, b].map(({ n, d }) => Math.min(n - 1, d)));
      near((await distance(b, a)).value, expected.exact, 1e-6);
    },
  );

  it('of a set from itself is 0', async () => {
    const a = features('same', 30, 40);
    expect(Math.abs((await distance(a, a)).value)).toBeLessThan(1e-6);
  });

  it('of independent features is the sum of those of each', async () => {
    const diagonal = (mean: number[], variances: number[]) => ({
      mean: Float64Array.from(mean),
      covariance: Float64Array.from({ length: 9 }, (_, i) => (i % 4 === 0 ? (variances[i / 4] ?? NaN) : 0)),
      d: 3,
      n: undefined,
    });
    const { value, ranks } = await frechetDistance(
      diagonal([0, 1, 2], [1, 4, 9]),
      diagonal([1, 1, 0], [4, 0, 1]),
      pace,
    );
    // (m1 - m2)^2 + (s1 - s2)^2
    expect(value).toBeCloseTo(1 + 4 + (1 + 4 + 4), 12);
    expect(ranks).toEqual([3, 2]);
  });

  it('can be cancelled, and tells how far it is', async () => {
    const [a, b] = pair('blocks', [700, 650, 301]);
    const told: number[] = [];
    await distance(
      a,
      b,
      paced(undefined, (done) => told.push(done)),
    );
    expect(Math.max(...told)).toBeLessThanOrEqual(1);
    expect(told).toEqual([...told].sort((x, y) => x - y));
    expect(new Set(told).size).toBeGreaterThan(20);
    const aborted = AbortSignal.abort();
    await expect(distance(a, b, paced(aborted))).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('is refused for one image, other features, and values that are not finite', async () => {
    await expect(momentsOf(features('one', 1, 4), pace)).rejects.toThrow('1 image is too few; at least 2 are needed.');
    const broken = features('broken', 3, 4);
    broken.values[6] = NaN;
    await expect(momentsOf(broken, pace)).rejects.toThrow('Feature 2 of image 1 is NaN.');
    await expect(distance(features('x', 5, 4), features('y', 5, 3))).rejects.toThrow(
      'Statistics of 4 and of 3 features',
    );
  });
});

describe('the Inception Score', () => {
  it.each(found.scores)(
    'of $n images in $splits parts (shuffled: $shuffle) is torch-fidelity’s',
    ({ n, splits, shuffle, ...expected }) => {
      const { mean, std } = inceptionScore(logits(n), { splits, seed: shuffle ? 2020 : undefined });
      expect(mean).toBeCloseTo(expected.mean, 10);
      expect(std).toBeCloseTo(expected.std, 10);
    },
  );

  it('is the number of classes where each image is sure of another', () => {
    const sure = { values: Float32Array.from({ length: 64 }, (_, i) => (i % 9 === 0 ? 1e4 : -1e4)), n: 8, d: 8 };
    expect(inceptionScore(sure, { splits: 1 }).mean).toBeCloseTo(8, 12);
  });

  it('is refused for fewer images than parts', () => {
    expect(() => inceptionScore(logits(10), { splits: 11 })).toThrow('10 images are too few; at least 11 are needed.');
  });
});

describe.each(testEngines)('on %s', (id) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await open(id);
  });
  afterAll(() => engine.dispose());

  it.each(found.kernels)('KID of $subsets x $size is torch-fidelity’s', async ({ subsets, size, ...expected }) => {
    const before = tf.memory().numTensors;
    const [a, b] = pair('many', [500, 420, 48]);
    const { mean, std } = await kernelDistance(a, b, { subsets, subsetSize: size }, pace);
    near(mean, expected.mean, 1e-5);
    near(std, expected.std, 1e-4);
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each(found.near)(
    'neighbours of $of images ($spread) are torch-fidelity’s and prdc’s',
    async ({ of, sizes, spread, shift, ...expected }) => {
      const before = tf.memory().numTensors;
      const result = await manifolds(...pair(of, sizes, spread, shift), pace);
      for (const name of ['precision', 'recall', 'density', 'coverage'] as const)
        expect(result[name], name).toBeCloseTo(expected[name], 6);
      expect(tf.memory().numTensors).toBe(before);
    },
  );

  it('neighbours far from the origin are found as well as near it', async () => {
    const [a, b] = pair('few', [40, 60, 96], 0.9, 0.03);
    const far = ({ values, ...rest }: Features) => ({
      ...rest,
      values: Float64Array.from(values, (value) => value + 1000),
    });
    expect(await manifolds(far(a), far(b), pace)).toEqual(await manifolds(a, b, pace));
  });

  it('of one set with itself all are inside', async () => {
    const a = features('same', 30, 8);
    expect(await manifolds(a, a, pace)).toMatchObject({ precision: 1, recall: 1, coverage: 1 });
  });

  it('sets that are too small are refused', async () => {
    const [a, b] = [features('a', 5, 4), features('b', 30, 4)];
    await expect(manifolds(a, b, pace)).rejects.toThrow('5 images have no 5 neighbours each.');
    await expect(kernelDistance(a, b, {}, pace)).rejects.toThrow(
      'Subsets of 1000 images cannot be drawn from 5 and 30.',
    );
  });
});

describe('a file of statistics', () => {
  const bytes = fixtureBytes('statistics.npz');

  it('of numpy is read in doubles, and gives pytorch-fid’s distance', async () => {
    const read = decodeStatistics(bytes, 'statistics.npz');
    if (!read) throw new Error('nothing read');
    expect([...read.mean]).toEqual(found.file.mu);
    expect(read.n).toBeUndefined();
    const other = await momentsOf(features('file b', 40, 6, 1.2, 0.05), pace);
    const { value } = await frechetDistance(read, other, pace);
    expect(value).toBeCloseTo(found.file.distance, 6);
  });

  it('of ours reads back the same, with the number of images, and twice gives the same bytes', async () => {
    const moments = await momentsOf(features('file b', 40, 6), pace);
    expect(decodeStatistics(encodeStatistics(moments), 'ours')).toEqual(moments);
    expect(encodeStatistics(moments)).toEqual(encodeStatistics(moments));
  });

  it('with something else in it is none', async () => {
    const { zipSync } = await import('fflate');
    expect(decodeStatistics(zipSync({ 'x.npy': new Uint8Array(4) }), 'x.npz')).toBeUndefined();
  });

  it('cut off at any place, or with a byte changed, is refused in a sentence or read as it is', () => {
    const tried = u('places', 300);
    for (const at of tried) {
      const place = Math.floor((at + 0.5) * bytes.length);
      const changed = bytes.slice();
      changed[place] = (changed[place] ?? 0) ^ 0x5a;
      for (const damaged of [bytes.subarray(0, place), changed])
        try {
          decodeStatistics(damaged, 'damaged.npz');
        } catch (error) {
          expect(error).toMatchObject({ name: 'AppError', message: expect.stringContaining('damaged.npz') });
        }
    }
  });

  it.each([
    ['a mean that is not finite', (mean: Float64Array) => (mean[2] = Infinity), 'has a mean that is not finite'],
    [
      'a negative variance',
      (_: Float64Array, sigma: Float64Array) => (sigma[7] = -1),
      'has a variance of -1 at feature 1',
    ],
    [
      'a sigma that is not symmetric',
      (_: Float64Array, sigma: Float64Array) => (sigma[1] = 9),
      'has a sigma that is not symmetric',
    ],
  ])('with %s is refused', async (_, change, sentence) => {
    const { mean, covariance, ...rest } = await momentsOf(features('file b', 40, 6), pace);
    change(mean, covariance);
    expect(() => decodeStatistics(encodeStatistics({ mean, covariance, ...rest }), 'x.npz')).toThrow(sentence);
  });
});
