/** The fixed 3-layer convnet, images, labels and noise of test/fixtures/energy/make.py, and PyTorch's values for them. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { readFileSync } from 'node:fs';
import type { Random } from '../../core/engine/engine';
import type { Classifier, Weights } from '../../core/models/model';

export const images = 16;
export const classes = 10;
export const shape = [6, 6, 3] as const;
const values = images * 6 * 6 * 3;

/** The hash that make.py computes, uniform in [0,1). */
export function uniform(salt: number, size: number): Float32Array {
  return Float32Array.from({ length: size }, (_, i) => {
    let h = Math.imul(i + 1 + salt * 7919, 0x9e3779b1);
    h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32;
  });
}

export const imageValues = uniform(7, values);
export const labelValues = Int32Array.from({ length: images }, (_, i) => i % classes);
export const x = (): Tensor4D => tf.tensor4d(imageValues, [images, ...shape]);
export const y = () => tf.tensor1d(labelValues, 'int32');
export const noise = (k: number): Float32Array =>
  uniform(20 + k, values).map((u) => Math.fround((2 * u - 1) * Math.sqrt(3)));

/** Draws the given values whatever is asked for: uniform in [low, high) from the start noise, normals from noise k. */
export const given = (k: number): Random => ({
  uniform: (size, low = 0, high = 1) =>
    tf.tensor(
      uniform(8, values).map((u) => low + (high - low) * u),
      [...size],
    ),
  normal: (size) => tf.tensor(noise(k), [...size]),
  fork: () => given(k),
  later: () => given(k),
});

interface Net extends Classifier {
  dispose(): void;
}

/** Its weights live until `dispose`. A smooth activation suits finite differences; the fixture's is leaky ReLU. */
export function net(activation: (input: Tensor4D) => Tensor4D = (input) => tf.leakyRelu(input, 0.2)): Net {
  const layer = (salt: number, size: number[], fanIn: number) =>
    tf.tensor(
      uniform(
        salt,
        size.reduce((a, b) => a * b),
      ).map((u) => (2 * u - 1) * Math.sqrt(6 / fanIn)),
      size,
    );
  const bias = (salt: number, size: number) => tf.tensor(uniform(salt, size).map((u) => (u - 0.5) * 0.2));
  const [w1, w2, w3] = [layer(1, [3, 3, 3, 8], 27), layer(2, [3, 3, 8, 8], 72), layer(3, [72, classes], 72)] as const;
  const [b1, b2, b3] = [bias(4, 8), bias(5, 8), bias(6, classes)] as const;
  const having = ({ w1, w2, w3, b1, b2, b3 }: Weights): Classifier => ({
    classes,
    inputShape: shape,
    weights: { w1, w2, w3, b1, b2, b3 } as Weights,
    having,
    logits: (input) =>
      tf.tidy(() => {
        const first = activation(tf.add<Tensor4D>(tf.conv2d(input, w1 as Tensor4D, 1, 'same'), b1 as Tensor));
        const second = activation(tf.add<Tensor4D>(tf.conv2d(first, w2 as Tensor4D, 2, 'same'), b2 as Tensor));
        const flat = tf.reshape(second, [input.shape[0], 72]);
        return tf.add<Tensor2D>(tf.matMul(flat, w3 as Tensor2D), b3 as Tensor);
      }),
  });
  const weights = { w1, w2, w3, b1, b2, b3 };
  return { ...having(weights), dispose: () => Object.values(weights).forEach((tensor: Tensor) => tensor.dispose()) };
}

const folder = new URL('../fixtures/energy/', import.meta.url);
const index = JSON.parse(readFileSync(new URL('reference.json', folder), 'utf8')) as {
  arrays: Record<string, [number, number]>;
};
const bytes = readFileSync(new URL('reference.bin', folder));
const all = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));

export function reference(name: string): Float32Array {
  const [offset, size] = index.arrays[name] ?? [0, 0];
  if (size === 0) throw new Error(`The fixture has no '${name}'`);
  return all.subarray(offset, offset + size);
}

/** Largest |a - b| / max(|b|, mean |b|). */
export function relativeError(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  const known = Array.from(b, Math.abs);
  const floor = known.reduce((sum, value) => sum + value, 0) / known.length;
  return Math.max(...known.map((size, i) => Math.abs((a[i] ?? NaN) - (b[i] ?? NaN)) / Math.max(size, floor)));
}
