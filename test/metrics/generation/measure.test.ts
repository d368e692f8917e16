/** The whole measurement: in features of a classifier and of a network that is a formula; names, sizes, cautions. */
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { valuesOf } from '../../../core/data/dataset';
import type { Engine } from '../../../core/engine/engine';
import { key } from '../../../core/lib/key';
import { classifierSpace, inceptionSpace } from '../../../core/metrics/generation/feature-space';
import { paced } from '../../../core/metrics/generation/features';
import { frechetDistance } from '../../../core/metrics/generation/frechet';
import { type ImageSet, splitSet } from '../../../core/metrics/generation/image-set';
import { measureGeneration } from '../../../core/metrics/generation/measure';
import { momentsOf } from '../../../core/metrics/generation/moments';
import type { FeatureNetwork } from '../../../core/models/inception/extractor';
import type { Model } from '../../../core/models/model';
import { buildModel } from '../../../core/models/registry';
import { open, testEngines } from '../../engines';
import { u } from '../../models/formula';

const bytesOf = (name: string, size: number, spread: number): Uint8Array =>
  Uint8Array.from(u(name, size), (value) => Math.floor(128 + spread * 255 * value));
const shape = [3, 4, 3] as const;
const set = (name: string, size: number, spread = 0.6): ImageSet =>
  splitSet(name, { shape, size, pixels: bytesOf(name, size * 36, spread) });

/** Features that are six of the pixels, logits that are others. */
const pixels = (calls: number[] = []): FeatureNetwork => ({
  name: 'six pixels',
  dimensions: 6,
  classes: 3,
  extract(images, n, of) {
    calls.push(n);
    const take = (from: number, to: number) =>
      Float32Array.from({ length: n * (to - from) }, (_, at) => {
        const [i, j] = [Math.floor(at / (to - from)), at % (to - from)];
        return (images[i * valuesOf(of) + from + j] ?? NaN) / 64;
      });
    return Promise.resolve({ features: take(0, 6), logits: take(6, 9) });
  },
  dispose: () => undefined,
});
const plan = { images: 100, batch: 16, subsets: 5 };

describe('sets', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await open('cpu');
  });
  afterAll(() => engine.dispose());

  it('are measured in batches of one size, the last filled up, and each image once', async () => {
    const calls: number[] = [];
    const [a, b] = [set('a', 40), set('b', 50)];
    const { result, moments } = await measureGeneration(inceptionSpace(pixels(calls)), a, b, plan);
    expect(calls).toEqual([16, 16, 16, 16, 16, 16, 16]);
    const of = async (from: ImageSet) => {
      const { features } = await pixels().extract(await from.bytes(0, from.size), from.size, shape);
      return momentsOf({ values: features, n: from.size, d: 6 }, paced());
    };
    expect(moments).toEqual(await of(a));
    expect(result.frechet).toEqual([
      { images: 40, referenceImages: 50, ...(await frechetDistance(await of(a), await of(b), paced())) },
    ]);
    expect(result).toMatchObject({
      features: { name: 'six pixels', dimensions: 6 },
      images: { name: 'a', images: 40 },
      reference: { name: 'b', images: 50 },
      titles: { frechet: 'FID', kernel: 'KID', score: 'Inception Score' },
      score: { splits: 10 },
      kernel: { subsets: 5, subsetSize: 40 },
      manifolds: { images: 40, referenceImages: 50 },
    });
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
  });

  it('of more images than common sizes are measured at these too', async () => {
    const { result } = await measureGeneration(inceptionSpace(pixels()), set('a', 6000), set('b', 60), {
      ...plan,
      images: 6000,
      batch: 1000,
    });
    expect(result.frechet?.map(({ images, referenceImages }) => [images, referenceImages])).toEqual([
      [5000, 60],
      [6000, 60],
    ]);
  });

  it('take the statistics of a file for the set itself', async () => {
    const [a, b] = [set('a', 40), set('b', 50)];
    const { moments } = await measureGeneration(inceptionSpace(pixels()), b, undefined, plan);
    const by = async (reference: Parameters<typeof measureGeneration>[2]) =>
      (await measureGeneration(inceptionSpace(pixels()), a, reference, plan)).result;
    const [images, file] = [await by(b), await by({ name: 'b.npz', moments })];
    expect(file.frechet).toEqual(images.frechet);
    expect(file).not.toHaveProperty('kernel');
    expect(file).not.toHaveProperty('manifolds');
  });

  it('without a reference have a score alone', async () => {
    const { result } = await measureGeneration(inceptionSpace(pixels()), set('a', 40), undefined, plan);
    expect(result.score?.mean).toBeGreaterThan(1);
    expect(result).not.toHaveProperty('frechet');
  });

  it('of few images come with what is wrong with them', async () => {
    const { result } = await measureGeneration(inceptionSpace(pixels()), set('a', 6), set('b', 5), plan);
    expect(result.cautions.join('\n')).toMatch(/6 images are too few for the Inception Score in 10 parts/);
    expect(result.cautions.join('\n')).toMatch(/FID is biased upward by few images .* compare 6 only with as many/);
    expect(result.cautions.join('\n')).toMatch(/6 images of a give a covariance of rank 5 at most, for 6 features/);
    expect(result.cautions.join('\n')).toMatch(/5 images of b give a covariance of rank 4/);
    expect(result.cautions.join('\n')).toMatch(/KID is taken over subsets of 5 images; the usual size is 1,000/);
    expect(result).not.toHaveProperty('manifolds');
  });

  it('of one image, and statistics of other features, are refused', async () => {
    const space = inceptionSpace(pixels());
    await expect(measureGeneration(space, set('a', 1), undefined, plan)).rejects.toThrow("'a' has 1 images");
    const moments = { mean: new Float64Array(4), covariance: new Float64Array(16), d: 4, n: 9 };
    await expect(measureGeneration(space, set('a', 9), { name: 'x.npz', moments }, plan)).rejects.toThrow(
      "The statistics of 'x.npz' are of 4 features; six pixels has 6.",
    );
  });

  it('can be cancelled', async () => {
    const signal = AbortSignal.abort();
    const cancelled = measureGeneration(inceptionSpace(pixels()), set('a', 9), undefined, { ...plan, signal });
    await expect(cancelled).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});

describe.each(testEngines)('a classifier on %s', (id) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await open(id);
  });
  afterAll(() => engine.dispose());

  const layers = (list: object[]): Model => buildModel('sequential', { layers: JSON.stringify(list) }, [3, 4, 3], 5);
  const flat = { type: 'flatten' };
  const linear = (name: string, out?: number) => ({ type: 'linear', name, ...(out ? { out } : {}) });

  it('with one linear layer has the pixels as its features', async () => {
    const model = layers([flat, linear('only')]);
    const weights = model.init(engine.random(key(1, 'weights')));
    const { network, titles } = classifierSpace(engine, 'fashion/mine', model, weights);
    const images = bytesOf('images', 2 * 36, 1);
    const { features } = await network.extract(images, 2, shape);
    // in PyTorch's order: channel by channel
    const expected = Array.from({ length: 36 }, (_, at) => (images[(at % 12) * 3 + Math.floor(at / 12)] ?? NaN) / 255);
    [...features.subarray(0, 36)].forEach((value, i) => expect(value).toBeCloseTo(expected[i] ?? NaN, 6));
    expect(Object.values(titles).join()).not.toMatch(/FID|KID|Inception Score/);
    expect(titles.frechet).toBe('Fréchet distance in features of fashion/mine');
    network.dispose();
    tf.dispose({ ...weights });
  });

  it('gives its own logits, and what its last layer sees; leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    const model = layers([flat, linear('first', 7), { type: 'relu' }, linear('second')]);
    const weights = model.init(engine.random(key(1, 'weights')));
    const { network } = classifierSpace(engine, 'mine', model, weights);
    const images = bytesOf('images', 4 * 36, 1);
    const { features, logits } = await network.extract(images, 4, shape);
    expect([network.dimensions, features.length, logits.length]).toEqual([7, 28, 20]);
    expect(Math.min(...features)).toBe(0);
    const x = tf.tensor4d(
      Float32Array.from(images, (byte) => byte / 255),
      [4, ...shape],
    );
    const own = model.logits(weights, x);
    const expected = await own.data();
    logits.forEach((value, i) => expect(value).toBeCloseTo(expected[i] ?? NaN, 5));
    tf.dispose([x, own]);
    network.dispose();
    tf.dispose({ ...weights });
    expect(tf.memory().numTensors).toBe(before);
  });

  it('takes images of other sizes and channels', async () => {
    const model = layers([flat, linear('only')]);
    const weights = model.init(engine.random(key(1, 'weights')));
    const { network } = classifierSpace(engine, 'mine', model, weights);
    const { features } = await network.extract(new Uint8Array(2 * 25).fill(51), 2, [5, 5, 1]);
    features.forEach((value) => expect(value).toBeCloseTo(0.2, 6));
    network.dispose();
    tf.dispose({ ...weights });
  });

  it('that does not end in a linear layer is refused', () => {
    const model = layers([flat, linear('first', 7), linear('second')]);
    const weights = model.init(engine.random(key(1, 'weights')));
    const ending = { ...model, parameters: model.parameters.slice(0, 2) };
    expect(() => classifierSpace(engine, 'mine', ending, weights)).toThrow("'mine' does not end in a linear layer");
    tf.dispose({ ...weights });
  });
});
