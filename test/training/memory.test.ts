import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../../core/engine/engine';
import { key } from '../../core/lib/key';
import { resolve } from '../../core/lib/options';
import { buildModel } from '../../core/models/registry';
import { bindObjective } from '../../core/objectives/registry';
import { checkMemory, stepBytes } from '../../core/training/memory';
import { optimiserRegistry } from '../../core/training/optimiser';
import { initialState } from '../../core/training/step';
import { open, testEngines } from '../engines';

describe.each(testEngines)('the memory of a step on %s', (id) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await open(id);
  });
  afterAll(() => engine.dispose());

  const estimate = async (widths: string, images: number) => {
    const model = buildModel('convnet', { widths, kernels: '3,3', strides: '1,2' }, [8, 8, 1], 3);
    const entry = optimiserRegistry.get('sgd');
    const optimiser = { entry, options: resolve(entry.options, {}, 'sgd') };
    const plan = { model, objective: bindObjective('natural', {}), optimiser, clip: 0, ema: 0 };
    const weights = model.init(engine.random(key(1, 'memory')));
    const state = initialState(plan, weights);
    const bytes = await stepBytes(plan, weights, state, images);
    tf.dispose(state);
    return bytes;
  };

  test('grows with images and width, is no less than the maps of all layers, and leaves no tensor behind', async () => {
    const before = engine.memory().tensors;
    const [small, many, wide] = [await estimate('4,4', 1), await estimate('4,4', 64), await estimate('16,16', 64)];
    expect(engine.memory().tensors).toBe(before);
    expect(many).toBeGreaterThan(small + 63 * 4 * (8 * 8 * 4 + 4 * 4 * 4));
    expect(wide).toBeGreaterThan(3 * many);
    expect(wide).toBeLessThan(100e6);
  });
});

test('a step that cannot fit is refused in one sentence; a GPU is left to itself', () => {
  expect(() => checkMemory(31e9, 512, 'tensorflow', 8e9)).toThrow(
    'A step of 512 images needs about 31.0 GB of memory; this machine has 8.0 GB.',
  );
  expect(() => checkMemory(5e9, 64, 'wasm', 8e9)).toThrow('wasm has 4.3 GB');
  expect(() => checkMemory(7e9, 64, 'tensorflow', 8e9)).not.toThrow();
  expect(() => checkMemory(31e9, 64, 'webgpu', 8e9)).not.toThrow();
});
