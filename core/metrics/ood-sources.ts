/** Images that a classifier was not trained on: other datasets in its shape, noise, mixtures of its own images, plain colours. */
import { gather } from '../data/batches';
import { type ImageShape, type Split, valuesOf } from '../data/dataset';
import { AppError } from '../lib/errors';
import { fork, key } from '../lib/key';
import { integers, normals, uniforms } from '../lib/philox';
import type { ImageSource } from './ood';

/** Images of a split as a source, in the shape asked for. @throws AppError BAD_DATA for channels that cannot be turned into others. */
export function splitSource(name: string, split: Split, images: number, shape: ImageShape = split.shape): ImageSource {
  const adapt = adapted(name, split.shape, shape);
  const size = Math.min(images, split.size);
  return {
    name,
    size,
    pixels(from, to) {
      const { x } = gather(
        split,
        Uint32Array.from({ length: to - from }, (_, i) => from + i),
      );
      return adapt(x, to - from);
    },
  };
}

export const syntheticIds = ['uniform noise', 'gaussian noise', 'interpolations', 'constant colours'] as const;
export type SyntheticId = (typeof syntheticIds)[number];

/**
 * So many images of a kind: uniform in [0,1]; normal round .5 with deviation 1, cut to [0,1] (Hendrycks & Gimpel 2017); means of two of
 * the model's own images (Grathwohl et al. 2020, section 5.3.2); one colour each. Image i depends on the seed and i alone.
 */
export function syntheticSource(kind: SyntheticId, own: Split, images: number, seed: number): ImageSource {
  const values = valuesOf(own.shape);
  const at = (i: number) => fork(key(seed, kind), i);
  const image: Readonly<Record<SyntheticId, (i: number) => Float32Array>> = {
    'uniform noise': (i) => uniforms(at(i), values),
    'gaussian noise': (i) => normals(at(i), values).map((value) => Math.min(1, Math.max(0, 0.5 + value))),
    interpolations: (i) => {
      const { x } = gather(own, integers(at(i), 2, own.size));
      return Float32Array.from({ length: values }, (_, j) => ((x[j] ?? 0) + (x[values + j] ?? 0)) / 2);
    },
    'constant colours': (i) => {
      const colour = uniforms(at(i), own.shape[2]);
      return Float32Array.from({ length: values }, (_, j) => colour[j % own.shape[2]] ?? 0);
    },
  };
  return {
    name: kind,
    size: images,
    pixels(from, to) {
      const all = new Float32Array((to - from) * values);
      for (let i = from; i < to; i++) all.set(image[kind](i), (i - from) * values);
      return all;
    },
  };
}

/** From one shape to another: grey is repeated, colour is averaged, sizes are interpolated between pixel centres. */
function adapted(name: string, from: ImageShape, to: ImageShape): (x: Float32Array, n: number) => Float32Array {
  if (from.join() === to.join()) return (x) => x;
  const [h, w, c] = from;
  const [height, width, channels] = to;
  if (c !== channels && c !== 1 && channels !== 1)
    throw new AppError('BAD_DATA', `Images of ${name} have ${c} channels; the model takes ${channels}.`);
  const rows = places(h, height);
  const columns = places(w, width);
  return (x, n) => {
    const out = new Float32Array(n * valuesOf(to));
    let at = 0;
    for (let i = 0; i < n; i++)
      for (const [r0, r1, rt] of rows)
        for (const [c0, c1, ct] of columns)
          for (let k = 0; k < channels; k++) {
            const pixel = (row: number, column: number) => channel(x, ((i * h + row) * w + column) * c, c, channels, k);
            const top = pixel(r0, c0) * (1 - ct) + pixel(r0, c1) * ct;
            const bottom = pixel(r1, c0) * (1 - ct) + pixel(r1, c1) * ct;
            out[at++] = top * (1 - rt) + bottom * rt;
          }
    return out;
  };
}

function channel(x: Float32Array, pixel: number, from: number, to: number, k: number): number {
  if (from === to) return x[pixel + k] ?? 0;
  if (from === 1) return x[pixel] ?? 0;
  let sum = 0;
  for (let j = 0; j < from; j++) sum += x[pixel + j] ?? 0;
  return sum / from;
}

/** For each place along a side, the two places before and how far between them. */
const places = (from: number, to: number): [number, number, number][] =>
  Array.from({ length: to }, (_, i) => {
    const at = Math.min(from - 1, Math.max(0, ((i + 0.5) * from) / to - 0.5));
    const low = Math.floor(at);
    return [low, Math.min(from - 1, low + 1), at - low];
  });
