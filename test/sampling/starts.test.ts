/** Starts: reproducible, in [0,1], with the mean and covariance they promise; eigenpairs that reconstruct the matrix. */
import { describe, expect, it } from 'vitest';
import type { Split } from '../../core/data/dataset';
import { key } from '../../core/lib/key';
import { normals } from '../../core/lib/philox';
import { centredCombination, classImages } from '../../core/sampling/class-images';
import { principalAxes } from '../../core/sampling/class-pca';
import { symmetricEigen } from '../../core/sampling/eigen';
import { createStart, startIds } from '../../core/sampling/starts';

const at = (values: ArrayLike<number>, i: number) => values[i] ?? NaN;
const stride = 6;
const perClass = 40;

/** Two classes of 2x3 images round grey levels .4 and .6, correlated along one direction. */
function correlated(pixels: 'bytes' | 'floats'): Split {
  const size = 2 * perClass;
  const labels = Int32Array.from({ length: size }, (_, i) => i % 2);
  const noise = normals(key(4, 'noise'), size * stride);
  const common = normals(key(4, 'common'), size);
  const values = Float32Array.from({ length: size * stride }, (_, i) => {
    const image = Math.floor(i / stride);
    return 0.4 + 0.2 * at(labels, image) + 0.05 * at(common, image) + 0.02 * at(noise, i);
  });
  const bytes = Uint8Array.from(values, (value) => Math.round(value * 255));
  return { shape: [2, 3, 1], size, labels, pixels: pixels === 'bytes' ? bytes : values };
}

/** Mean [d] and covariance [d, d] of rows. */
function moments(rows: ArrayLike<number>, count: number) {
  const mean = Array.from({ length: stride }, (_, j) => {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += at(rows, i * stride + j);
    return sum / count;
  });
  const covariance = mean.map((_, j) =>
    mean.map((__, k) => {
      let sum = 0;
      for (let i = 0; i < count; i++)
        sum += (at(rows, i * stride + j) - at(mean, j)) * (at(rows, i * stride + k) - at(mean, k));
      return sum / (count - 1);
    }),
  );
  return { mean, covariance };
}

describe('starts', () => {
  const split = correlated('bytes');
  const image = Float32Array.from({ length: stride }, (_, j) => j / stride);
  const labels = Int32Array.from([1, 0, 1, 1, 0, 0, 1]);

  it.each(startIds)('%s is reproducible, in [0,1], one image for each label', (id) => {
    const start = createStart(id, split, 2, image);
    const drawn = start.draw(key(1, 'start'), labels);
    expect(drawn).toHaveLength(labels.length * stride);
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...drawn)).toBeLessThanOrEqual(1);
    expect(start.draw(key(1, 'start'), labels)).toEqual(drawn);
    if (id !== 'image') expect(start.draw(key(2, 'start'), labels)).not.toEqual(drawn);
  });

  it.each(['bytes', 'floats'] as const)(
    'class-gaussian has the mean and covariance of the class, from %s',
    (pixels) => {
      const data = correlated(pixels);
      const count = 6000;
      const drawn = createStart('class-gaussian', data, 2).draw(key(1, 'start'), new Int32Array(count).fill(1));
      const rows = [...data.labels.keys()].filter((i) => data.labels[i] === 1);
      const scale = data.pixels instanceof Uint8Array ? 255 : 1;
      const real = moments(
        rows.flatMap((i) => [...data.pixels.subarray(i * stride, (i + 1) * stride)].map((v) => v / scale)),
        rows.length,
      );
      const got = moments(drawn, count);
      got.mean.forEach((value, j) => expect(value).toBeCloseTo(at(real.mean, j), 2));
      got.covariance.forEach((row, j) =>
        row.forEach((value, k) => {
          const wanted = (real.covariance[j]?.[k] ?? NaN) + (j === k ? 1e-4 : 0);
          expect(Math.abs(value - wanted)).toBeLessThan(2.5e-4);
        }),
      );
    },
  );

  it('class-pca spreads along the leading components only, with WEAT s scale', () => {
    const images = classImages(split, 0, 2, 512);
    const axes = principalAxes(images, 0.8);
    expect(axes.count).toBe(1);
    const count = 4000;
    const drawn = createStart('class-pca', split, 2).draw(key(1, 'start'), new Int32Array(count));
    const { covariance } = moments(drawn, count);
    const spread = covariance.reduce((sum, row, j) => sum + at(row, j), 0);
    const real = moments(
      [...Array(images.size).keys()].flatMap((i) => [...images.row(i)].map((v) => v / 255)),
      images.size,
    ).covariance;
    const total = real.reduce((sum, row, j) => sum + at(row, j), 0) * (images.size - 1);
    expect(spread / (0.005 ** 2 * total)).toBeGreaterThan(0.9);
    expect(spread / (0.005 ** 2 * total)).toBeLessThan(1.05);
  });

  it('combinations of centred images are exact, whatever the number of draws and images', () => {
    for (const limit of [1, 3, 8]) {
      const images = classImages(split, 0, 2, limit);
      for (const count of [1, 4, 6]) {
        const weights = normals(key(1, 'weights'), count * images.size);
        const wanted = Array.from({ length: count * stride }, (_, i) => {
          const [draw, j] = [Math.floor(i / stride), i % stride];
          let value = at(images.mean, j);
          for (let k = 0; k < images.size; k++)
            value += at(weights, draw * images.size + k) * (at(images.row(k), j) - at(images.mean, j));
          return value / 255;
        });
        const got = centredCombination(images, weights, count);
        wanted.forEach((value, i) => expect(at(got, i)).toBeCloseTo(value, 5));
      }
    }
  });

  it('say what is missing', () => {
    const only = { ...split, labels: new Int32Array(split.size) };
    expect(() => createStart('class-gaussian', only, 2).draw(key(1, 's'), Int32Array.of(1))).toThrow(
      'The data has no image of class 1.',
    );
    expect(() => createStart('image', split, 2)).toThrow("The start 'image' needs an image");
  });
});

describe('symmetricEigen', () => {
  it.each([1, 2, 3, 12, 40])('reconstructs a matrix of size %i, also of low rank', (n) => {
    for (const rank of [n, Math.ceil(n / 2)]) {
      const factor = normals(key(n, 'factor'), n * rank);
      const a = Float64Array.from({ length: n * n }, (_, i) => {
        let sum = 0;
        for (let k = 0; k < rank; k++) sum += at(factor, Math.floor(i / n) * rank + k) * at(factor, (i % n) * rank + k);
        return sum;
      });
      const { values, vectors } = symmetricEigen(a.slice(), n);
      for (let i = 0; i < n; i++)
        for (let j = 0; j < n; j++) {
          let rebuilt = 0;
          let dot = 0;
          for (let k = 0; k < n; k++) {
            rebuilt += at(values, k) * at(vectors, k * n + i) * at(vectors, k * n + j);
            dot += at(vectors, i * n + k) * at(vectors, j * n + k);
          }
          expect(rebuilt).toBeCloseTo(at(a, i * n + j), 9);
          expect(dot).toBeCloseTo(i === j ? 1 : 0, 10);
        }
    }
  });
});
