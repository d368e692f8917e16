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
  { u, v }: Directions,
  { resolution, range, batch = 512, compile, signal }: PlanePlan,
): Promise<Plane> {
  if (!Number.isInteger(resolution) || resolution % 2 === 0 || resolution < 3 || resolution > maxResolution)
    throw new AppError('BAD_OPTION', `The resolution is ${resolution}; it must be odd, from 3 to ${maxResolution}.`);
  if (!(range > 0)) throw new AppError('BAD_OPTION', `The range is ${range}; it must be positive.`);
  const half = (resolution - 1) / 2;
  const offsets = Float32Array.from({ length: resolution }, (_, i) => ((i - half) / half) * range);
  const points = resolution * resolution;
  const joint = new Float32Array(points);
  const marginal = new Float32Array(points);
  const count = Math.min(batch, points);
  const column = (place: (point: number) => number, from: number) =>
    tf.tensor2d(
      Float32Array.from({ length: count }, (_, i) => offsets[place(from + i)] ?? 0),
      [count, 1],
    );
  const step = compileWith(engine, model, energiesAt, {
    ...compile,
    calls: Math.ceil(points / count),
  });
  const fixed = { image: tf.tensor1d(image), u: tf.tensor1d(u), v: tf.tensor1d(v), label: tf.scalar(label, 'int32') };
  try {
    for (let from = 0; from < points; from += count) {
      throwIfCancelled(signal);
      const a = column((point) => point % resolution, from);
      const b = column((point) => Math.floor(point / resolution), from);
      const { energies } = step.run({ ...fixed, a, b }, key(0, 'plane'));
      const values = await energies.data<'float32'>();
      tf.dispose([a, b, energies]);
      const inside = Math.min(count, points - from);
      joint.set(values.subarray(0, inside), from);
      marginal.set(values.subarray(count, count + inside), from);
    }
  } finally {
    tf.dispose(fixed);
    step.dispose();
  }
  return { offsets, joint, marginal };
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
