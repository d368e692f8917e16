/**
 * Where chains start. 'uniform': noise in [0,1]. 'class-gaussian': N(mu_y, Sigma_y + 1e-4 I) of the class's images (Santurkar et al.
 * 2019). 'class-pca': mean_y + 0.005 sum_i s_i n_i PC_i over the components that hold 95 % of the variance (Mirza et al. 2024).
 * 'image': a given image. Drawn on the host, so every engine starts from the same values.
 */
import type { Split } from '../data/dataset';
import { AppError } from '../lib/errors';
import { type Key, fork } from '../lib/key';
import { normals, uniforms } from '../lib/philox';
import { type ClassImages, centredCombination, classImages } from './class-images';
import { principalAxes } from './class-pca';

export const startIds = ['uniform', 'class-gaussian', 'class-pca', 'image'] as const;
export type StartId = (typeof startIds)[number];

export interface Start {
  readonly id: StartId;
  /** Images [labels.length, h, w, c] in [0,1], one for each label. */
  draw(key: Key, labels: Int32Array): Float32Array;
}

const JITTER = Math.sqrt(1e-4);
const GAUSSIAN_IMAGES = 2000;
const PCA_IMAGES = 384;
const PCA_SCALE = 0.005;

/** `split` gives the shape and, for the class starts, the images; `image` [h, w, c] is for 'image' only. */
export function createStart(id: StartId, split: Split, classes: number, image?: Float32Array): Start {
  const stride = split.shape[0] * split.shape[1] * split.shape[2];
  switch (id) {
    case 'uniform':
      return { id, draw: (key, labels) => uniforms(key, labels.length * stride) };
    case 'image': {
      if (image?.length !== stride)
        throw new AppError('BAD_OPTION', "The start 'image' needs an image of the model's size.", 'Pass one.');
      return { id, draw: (_key, labels) => repeat(image, labels.length) };
    }
    case 'class-gaussian': {
      const of = remembered((y) => classImages(split, y, classes, GAUSSIAN_IMAGES));
      return byClass(id, stride, (key, y, count) => gaussian(of(y), key, count));
    }
    case 'class-pca': {
      const of = remembered((y) => {
        const images = classImages(split, y, classes, PCA_IMAGES);
        return { images, axes: principalAxes(images, 0.95) };
      });
      return byClass(id, stride, (key, y, count) => {
        const { images, axes } = of(y);
        const scale = PCA_SCALE * Math.sqrt(images.total / images.size);
        return centredCombination(images, axes.mix(normals(key, count * axes.count), count, scale), count);
      });
    }
  }
}

/** mu + X_c^T z / sqrt(n - 1) + 0.01 n: with z ~ N(0, I_n) this is N(mu, Sigma + 1e-4 I) exactly, without a factorisation. */
function gaussian(images: ClassImages, key: Key, count: number): Float32Array {
  const scale = 1 / Math.sqrt(Math.max(1, images.size - 1));
  const weights = normals(fork(key, 'weights'), count * images.size).map((z) => z * scale);
  const drawn = centredCombination(images, weights, count);
  const jitter = normals(fork(key, 'jitter'), drawn.length);
  return drawn.map((value, i) => value + JITTER * (jitter[i] ?? 0));
}

/** Draws each class's images together and puts them where their labels stand. */
function byClass(id: StartId, stride: number, draw: (key: Key, y: number, count: number) => Float32Array): Start {
  return {
    id,
    draw(key, labels) {
      const out = new Float32Array(labels.length * stride);
      for (const y of new Set(labels)) {
        const places = [...labels.keys()].filter((i) => labels[i] === y);
        const drawn = draw(fork(key, y), y, places.length);
        places.forEach((place, i) => out.set(drawn.subarray(i * stride, (i + 1) * stride), place * stride));
      }
      return out.map((value) => Math.min(1, Math.max(0, value)));
    },
  };
}

function remembered<T>(make: (y: number) => T): (y: number) => T {
  const made = new Map<number, T>();
  return (y) => {
    const known = made.get(y) ?? make(y);
    made.set(y, known);
    return known;
  };
}

function repeat(image: Float32Array, times: number): Float32Array {
  const out = new Float32Array(image.length * times);
  for (let i = 0; i < times; i++) out.set(image, i * image.length);
  return out;
}
