/** E(x,y) and E(x) on a plane round one image: x + a u + b v for a, b in [-range, range]. Points are not clipped to [0,1]. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { jointEnergy, marginalEnergy } from '../energy/energy';
import type { Compiler, CompileOptions } from '../engine/engine';
import { key } from '../lib/key';
import { AppError, throwIfCancelled } from '../lib/errors';
import { type Classifier, compileWith } from '../models/model';
import type { Directions } from './directions';

export interface PlanePlan {
  /** Points along an axis; odd, so that the image itself is the middle one. */
  readonly resolution: number;
  /** Largest offset along an axis, in the directions' norm. */
  readonly range: number;
  /** Points evaluated together. */
  readonly batch?: number;
  readonly compile?: CompileOptions;
  readonly signal?: AbortSignal;
}

export interface Plane {
  /** Offsets along both axes [resolution]. */
  readonly offsets: Float32Array;
  /** E(x,y) and E(x), [resolution * resolution]: a runs along u within a row, b along v from row to row. */
  readonly joint: Float32Array;
  readonly marginal: Float32Array;
}

export const maxResolution = 1001;

/**
 * @param image flat [h * w * c] in [0,1]
 * @throws AppError BAD_OPTION for an even or too large resolution, or a range that is not positive; CANCELLED.
 */
export async function energyPlane(
  engine: Compiler,
  model: Classifier,
  image: Float32Array,
  label: number,
  directions: Directions,
  { resolution, range, batch = 512, compile, signal }: PlanePlan,
): Promise<Plane> {
  if (!Number.isInteger(resolution) || resolution % 2 === 0 || resolution < 3 || resolution > maxResolution)
    throw new AppError('BAD_OPTION', `The resolution is ${resolution}; it must be odd, from 3 to ${maxResolution}.`);
  if (!(range > 0)) throw new AppError('BAD_OPTION', `The range is ${range}; it must be positive.`);
  const offsets = planeOffsets(resolution, range);
  const points = resolution * resolution;
  const joint = new Float32Array(points);
  const marginal = new Float32Array(points);
  const count = Math.min(batch, points);
  const at = (place: (point: number) => number, from: number) =>
    Float32Array.from({ length: count }, (_, i) => offsets[place(from + i)] ?? 0);
  const step = compilePlane(engine, model, image, label, directions, {
    ...compile,
    calls: Math.ceil(points / count),
  });
  try {
    for (let from = 0; from < points; from += count) {
      throwIfCancelled(signal);
      const a = at((point) => point % resolution, from);
      const b = at((point) => Math.floor(point / resolution), from);
      const energies = await step.energies(a, b);
      const inside = Math.min(count, points - from);
      joint.set(energies.joint.subarray(0, inside), from);
      marginal.set(energies.marginal.subarray(0, inside), from);
    }
  } finally {
    step.dispose();
  }
  return { offsets, joint, marginal };
}

/** From -range to range. */
export const planeOffsets = (resolution: number, range: number): Float32Array => {
  const half = (resolution - 1) / 2;
  return Float32Array.from({ length: resolution }, (_, i) => ((i - half) / half) * range);
};

export interface PlaneStep {
  /** E(x,y) and E(x) at image + a u + b v, [n] for offsets a and b [n]; as many at each call, so that they share one compiled step. */
  energies(a: Float32Array, b: Float32Array): Promise<{ joint: Float32Array; marginal: Float32Array }>;
  dispose(): void;
}

/** The energies on one plane, compiled, over weights of its own: the model may go meanwhile. */
export function compilePlane(
  engine: Compiler,
  model: Classifier,
  image: Float32Array,
  label: number,
  { u, v }: Directions,
  compile?: CompileOptions,
): PlaneStep {
  const step = compileWith(engine, model, energiesAt, compile);
  const fixed = { image: tf.tensor1d(image), u: tf.tensor1d(u), v: tf.tensor1d(v), label: tf.scalar(label, 'int32') };
  return {
    async energies(a, b) {
      const n = a.length;
      const offsets = { a: tf.tensor2d(a, [n, 1]), b: tf.tensor2d(b, [n, 1]) };
      const { energies } = step.run({ ...fixed, ...offsets }, key(0, 'plane'));
      try {
        const values = await energies.data<'float32'>();
        return { joint: values.slice(0, n), marginal: values.slice(n) };
      } finally {
        tf.dispose([offsets, energies]);
      }
    },
    dispose() {
      tf.dispose(fixed);
      step.dispose();
    },
  };
}

/** E(x,y) and E(x) at image + a u + b v, [2, n], for columns a and b [n, 1]. */
function energiesAt(
  model: Classifier,
  { image, u, v, a, b, label }: Record<'image' | 'u' | 'v' | 'a' | 'b' | 'label', Tensor>,
): { energies: Tensor2D } {
  const n = a.shape[0] ?? 0;
  const flat = tf.add(tf.expandDims(image, 0), tf.add(tf.mul(a, u), tf.mul(b, v)));
  const logits = model.logits(tf.reshape(flat, [n, ...model.inputShape]) as Tensor4D);
  const y = tf.tile<Tensor1D>(tf.reshape(label, [1]), [n]);
  return { energies: tf.stack([jointEnergy(logits, y), marginalEnergy(logits)]) as Tensor2D };
}
