/** The formula that gives weights and images here and in test/fixtures/models/formula.py. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import { fileShape } from '../../core/models/layout';
import type { Model } from '../../core/models/model';
import type { RawTensor } from '../../core/models/safetensors';

/** `size` numbers in [-0.5, 0.5): MurmurHash3's finaliser over a counter that starts at the FNV-1a hash of the name. */
export function u(name: string, size: number): Float64Array {
  let h = 0x811c9dc5;
  for (const byte of Buffer.from(name)) h = Math.imul(h ^ byte, 0x01000193);
  return Float64Array.from({ length: size }, (_, i) => {
    let z = (h + Math.imul(i + 1, 0x9e3779b1)) | 0;
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return ((z ^ (z >>> 16)) >>> 0) / 2 ** 32 - 0.5;
  });
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);

/** The model's weights by the formula, as a file holds them. */
export function formulaTensors(model: Model): Record<string, RawTensor> {
  const tensors = model.parameters.map(({ name, shape: own }) => {
    const shape = fileShape(own);
    const numbers = u(name, sizeOf(shape));
    return [name, { shape, data: Float32Array.from(numbers, scaling(name, shape)) }] as const;
  });
  return Object.fromEntries(tensors);
}

function scaling(name: string, shape: readonly number[]): (n: number) => number {
  if (shape.length > 1) return (n) => n * Math.sqrt(12 / sizeOf(shape.slice(1)));
  if (name.endsWith('running_var')) return (n) => 1 + n;
  return name.endsWith('.weight') ? (n) => 1 + 0.4 * n : (n) => 0.4 * n;
}

export const formulaImages = (images: number, shape: readonly [number, number, number]): Tensor4D =>
  tf.tensor4d(
    Float32Array.from(u('x', images * sizeOf(shape)), (n) => n + 0.5),
    [images, ...shape],
  );
