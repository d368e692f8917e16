/** What attacks are tried on: the reference net and its images, which it takes for what their labels say. */
import * as tf from '@tensorflow/tfjs-core';
import type { Engine, EngineId } from '../../core/engine/engine';
import { net, x } from '../energy/reference';
import { open } from '../engines';

export interface Setting {
  readonly engine: Engine;
  readonly model: ReturnType<typeof net>;
  readonly x: tf.Tensor4D;
  readonly y: tf.Tensor1D;
}

export async function openSetting(id: EngineId): Promise<Setting> {
  const engine = await open(id);
  const [model, images] = [net(), x()];
  return { engine, model, x: images, y: tf.tidy(() => tf.argMax(model.logits(images), 1)) };
}

export async function closeSetting({ engine, model, x: images, y }: Setting): Promise<void> {
  model.dispose();
  tf.dispose([images, y]);
  await engine.dispose();
}
