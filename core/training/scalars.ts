/** Reading many scalars of a step with one transfer. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { NamedTensors } from '../engine/engine';

/** The values of all scalar tensors by name. */
export async function readScalars(tensors: NamedTensors): Promise<Record<string, number>> {
  const scalars = Object.entries(tensors).filter(([, tensor]) => tensor.rank === 0);
  const stacked = tf.stack(scalars.map(([, tensor]) => tensor as Tensor));
  const values = await stacked.data<'float32'>();
  stacked.dispose();
  return Object.fromEntries(scalars.map(([name], i) => [name, values[i] ?? NaN]));
}
