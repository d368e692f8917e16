/** Chains at one step as a window shows them: 8-bit images, energies, and the class that the model sees. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import type { SamplingFrame } from '../../../contract/areas/sampling';
import { jointEnergy, marginalEnergy } from '../../../energy/energy';
import type { Classifier } from '../../../models/model';

/** Reads x [n, h, w, c] and what the model makes of it; E(x,y) where there are labels. No tensor is left. */
export async function readFrame(
  model: Classifier,
  step: number,
  x: Tensor4D,
  y: Tensor1D | undefined,
): Promise<SamplingFrame> {
  const made = tf.tidy(() => {
    const logits = model.logits(x);
    const joint = y ? { joint: jointEnergy(logits, y) } : {};
    return { marginal: marginalEnergy(logits), predicted: tf.argMax(logits, 1), ...joint };
  });
  try {
    const [pixels, marginal, predicted, joint] = await Promise.all([
      x.data<'float32'>(),
      made.marginal.data<'float32'>(),
      made.predicted.data<'int32'>(),
      'joint' in made ? made.joint.data<'float32'>() : undefined,
    ]);
    return {
      step,
      images: eightBit(pixels),
      marginal: marginal.slice(),
      predicted: Uint8Array.from(predicted),
      ...(joint ? { joint: joint.slice() } : {}),
    };
  } finally {
    tf.dispose(made);
  }
}

/** As the picture files have them: clamped, rounded, NaN as 0. */
export const eightBit = (pixels: Float32Array): Uint8Array =>
  new Uint8Array(Uint8ClampedArray.from(pixels, (value) => 255 * value).buffer);
