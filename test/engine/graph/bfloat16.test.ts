/** Energies and trainings in bfloat16 beside those in float32: near, but not the same. */
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { marginalEnergy } from '../../../core/energy/energy';
import type { Engine, Precision } from '../../../core/engine/engine';
import { key } from '../../../core/lib/key';
import { type Classifier, classifier, compileWith } from '../../../core/models/model';
import { buildModel } from '../../../core/models/registry';
import { open, testEngines } from '../../engines';
import { bothForms, numbers, runStep, tiny } from './steps';

describe.skipIf(!testEngines.includes('tensorflow'))('bfloat16', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await open('tensorflow');
  });
  afterAll(() => engine.dispose());

  test.each([
    ['convnet', { widths: '16,32', kernels: '3,4', strides: '1,2' }],
    ['wrn', { depth: 10, width: 1, norm: 'group' }],
  ])('gives energies within 2 % of those of float32: %s', async (id, options) => {
    const model = buildModel(id, options, [8, 8, 3], 10);
    const weights = model.init(engine.random(key(1, 'weights')));
    const x = engine.random(key(2, 'x')).uniform([16, 8, 8, 3]);
    const energies = async (precision: Precision): Promise<number[]> => {
      const use = (net: Classifier, inputs: { x: tf.Tensor }) => ({
        energy: marginalEnergy(net.logits(inputs.x as tf.Tensor4D)),
      });
      const step = compileWith(engine, classifier(model, weights), use, { precision });
      const outputs = step.run({ x }, key(3, 'energy'));
      expect(outputs.energy.dtype).toBe('float32');
      const { energy = [] } = await numbers(outputs);
      step.dispose();
      tf.dispose(outputs);
      return energy;
    };
    const [full, half] = [await energies('float32'), await energies('bfloat16')];
    expect(half).not.toEqual(full);
    full.forEach((energy, i) => {
      expect(Math.abs((half[i] ?? NaN) - energy)).toBeLessThan(0.02 * Math.abs(energy));
    });
    tf.dispose([x, { ...weights }]);
  });

  test('trains to nearly the same weights, with weights and slots in float32', async () => {
    const train = async (precision: Precision) => {
      const { eager, compiled } = bothForms(
        engine,
        { model: tiny, objective: 'pgd-at', optimiser: 'sgd', ema: 0.9 },
        { precision },
      );
      const start = await numbers(eager.state);
      eager.dispose();
      for (let i = 0; i < 20; i++) await runStep(engine, compiled, i, false);
      expect(new Set(Object.values(compiled.state).map(({ dtype }) => dtype))).toEqual(new Set(['float32']));
      const end = await numbers(compiled.state);
      compiled.dispose();
      return Object.entries(end).flatMap(([name, values]) =>
        name.startsWith('weight:') ? values.map((value, i) => value - (start[name]?.[i] ?? NaN)) : [],
      );
    };
    const [full, half] = [await train('float32'), await train('bfloat16')];
    const apart = Math.hypot(...full.map((moved, i) => moved - (half[i] ?? NaN))) / Math.hypot(...full);
    expect(apart).toBeGreaterThan(0);
    expect(apart).toBeLessThan(0.2);
  });
});
