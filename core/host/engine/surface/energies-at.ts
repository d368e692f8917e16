/** E(x,y), E(x) and predictions at any images, piece by piece. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import { jointEnergy, marginalEnergy } from '../../../energy/energy';
import type { Classifier } from '../../../models/model';
import { pause } from './pace';

export interface Energies {
  readonly joint: Float32Array;
  readonly marginal: Float32Array;
  /** 1 where the model says the label. */
  readonly correct: Uint8Array;
}

/** At images, flat [n * h * w * c], with labels [n]. @throws AppError CANCELLED. */
export async function energiesAt(
  model: Classifier,
  images: Float32Array,
  labels: Int32Array,
  piece: number,
  signal: AbortSignal,
): Promise<Energies> {
  const n = labels.length;
  const stride = images.length / n;
  const out = { joint: new Float32Array(n), marginal: new Float32Array(n), correct: new Uint8Array(n) };
  for (let from = 0; from < n; from += piece) {
    await pause(signal);
    const own = labels.subarray(from, from + piece);
    const rows = tf.tidy(() => {
      const x = tf.tensor(images.subarray(from * stride, (from + own.length) * stride), [
        own.length,
        ...model.inputShape,
      ]) as Tensor4D;
      const y = tf.tensor1d(own, 'int32');
      const logits = model.logits(x);
      const right = tf.cast(tf.equal(tf.cast(tf.argMax(logits, 1), 'int32'), y), 'float32');
      return tf.stack([jointEnergy(logits, y), marginalEnergy(logits), right]);
    });
    try {
      const values = await rows.data<'float32'>();
      out.joint.set(values.subarray(0, own.length), from);
      out.marginal.set(values.subarray(own.length, 2 * own.length), from);
      out.correct.set(values.subarray(2 * own.length), from);
    } finally {
      rows.dispose();
    }
  }
  return out;
}
