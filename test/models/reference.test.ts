/** Every architecture on every engine against PyTorch: logits and their slopes in x, in both modes, and running statistics. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../core/engine/engine';
import { evalMode } from '../../core/models/model';
import { encodeSafetensors } from '../../core/models/safetensors';
import { decodeWeights } from '../../core/models/weights';
import { open, testEngines } from '../engines';
import { fixture, formulaImages, formulaTensors, modelOf, reference, relativeError, u } from './reference';

describe.each(testEngines)('models on %s', (id) => {
  let engine: Engine;
  const tolerance = id === 'cpu' ? 1e-5 : 1e-4;
  beforeAll(async () => {
    engine = await open(id);
  });
  afterAll(() => engine.dispose());

  it.each(reference.cases)('$id equals PyTorch', async (each) => {
    const before = tf.memory().numTensors;
    const model = modelOf(each);
    const weights = decodeWeights(model, encodeSafetensors(formulaTensors(model)));
    const x = formulaImages(each.images, each.inputShape);
    const seeds = tf.tensor(Float32Array.from(u('seed', each.images * each.classes)), [each.images, each.classes]);
    const direction = tf.tensor(Float32Array.from(u('direction', x.size)), x.shape);
    const collected: Record<string, Tensor> = {};
    const collect = (name: string, value: Tensor) => {
      collected[name] = tf.keep(value);
    };
    for (const mode of [evalMode, { norm: 'train' as const }]) {
      const logits = model.logits(weights, x, mode);
      const slopes = tf.tidy(() => {
        const gradient = tf.grad((input) => tf.sum(tf.mul(model.logits(weights, input as Tensor4D, mode), seeds)))(x);
        return tf.sum(tf.mul(gradient, direction), [1, 2, 3]);
      });
      expect(relativeError(await logits.data(), each[mode.norm].logits)).toBeLessThan(tolerance);
      expect(relativeError(await slopes.data(), each[mode.norm].slopes)).toBeLessThan(10 * tolerance);
      tf.dispose([logits, slopes]);
    }
    model.logits(weights, x, { norm: 'train', collect }).dispose();
    expect(Object.keys(collected).sort()).toEqual(Object.keys(each.running).sort());
    for (const [name, value] of Object.entries(collected))
      expect(relativeError(await value.data(), each.running[name] ?? []), name).toBeLessThan(tolerance);
    tf.dispose([weights, x, seeds, direction, collected]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each(reference.files)('$file, written by PyTorch, gives its logits', async (each) => {
    const model = modelOf(each);
    const weights = decodeWeights(model, fixture(each.file), each.file);
    const x = formulaImages(each.images, each.inputShape);
    const logits = model.logits(weights, x);
    expect(relativeError(await logits.data(), each.logits)).toBeLessThan(tolerance);
    tf.dispose([weights, x, logits]);
  });
});
