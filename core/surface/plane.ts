/** E(x,y) and E(x) on a plane round one image: x + a u + b v for a, b in [-range, range]. Points are not clipped to [0,1]. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import { jointEnergy, marginalEnergy } from '../energy/energy';
import { AppError, throwIfCancelled } from '../lib/errors';
import type { Classifier } from '../models/model';
import type { Directions } from './directions';

export interface PlanePlan {
  /** Points along an axis; odd, so that the image itself is the middle one. */
  readonly resolution: number;
  /** Largest offset along an axis, in the directions' norm. */
  readonly range: number;
  /** Points evaluated together. */
  readonly batch?: number;
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
  model: Classifier,
  image: Float32Array,
  label: number,
  { u, v }: Directions,
  { resolution, range, batch = 512, signal }: PlanePlan,
): Promise<Plane> {
  if (!Number.isInteger(resolution) || resolution % 2 === 0 || resolution < 3 || resolution > maxResolution)
    throw new AppError('BAD_OPTION', `The resolution is ${resolution}; it must be odd, from 3 to ${maxResolution}.`);
  if (!(range > 0)) throw new AppError('BAD_OPTION', `The range is ${range}; it must be positive.`);
  const half = (resolution - 1) / 2;
  const offsets = Float32Array.from({ length: resolution }, (_, i) => ((i - half) / half) * range);
  const points = resolution * resolution;
  const joint = new Float32Array(points);
  const marginal = new Float32Array(points);
  for (let from = 0; from < points; from += batch) {
    throwIfCancelled(signal);
    const count = Math.min(batch, points - from);
    const offset = (place: (point: number) => number) =>
      tf.tensor2d(
        Float32Array.from({ length: count }, (_, i) => offsets[place(from + i)] ?? 0),
        [count, 1],
      );
    const energies = tf.tidy(() => {
      const a = offset((point) => point % resolution);
      const b = offset((point) => Math.floor(point / resolution));
      const flat = tf.add(
        tf.tensor2d(image, [1, image.length]),
        tf.add(tf.mul(a, tf.tensor1d(u)), tf.mul(b, tf.tensor1d(v))),
      );
      const logits = model.logits(tf.reshape(flat, [count, ...model.inputShape]) as Tensor4D);
      return tf.stack([jointEnergy(logits, tf.fill([count], label, 'int32')), marginalEnergy(logits)]);
    });
    const values = await energies.data<'float32'>();
    energies.dispose();
    joint.set(values.subarray(0, count), from);
    marginal.set(values.subarray(count), from);
  }
  return { offsets, joint, marginal };
}
