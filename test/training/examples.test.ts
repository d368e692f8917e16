/** The adversarial examples that a run shows: clean images over attacked ones, within eps, the same whenever they are asked for. */
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { loadDataset } from '../../core/data/load';
import { key } from '../../core/lib/key';
import { classifier } from '../../core/models/model';
import { buildModel } from '../../core/models/registry';
import { configure } from '../../core/training/configuration';
import { createEvaluator, gridColumns } from '../../core/training/monitor';
import { findPreset } from '../../core/training/presets';
import { open, testEngines } from '../engines';

it.each(testEngines)('keep to the ball and leave no tensor behind, on %s', async (id) => {
  const engine = await open(id);
  const dataset = await loadDataset('fashion-mnist-mini', { dataFolder: '/nonexistent' });
  const { training } = configure(await findPreset('fashion-mini/at'), { evaluationSteps: '3' }, 1);
  const model = buildModel('convnet', { widths: '4,4', kernels: '3,3', strides: '2,2' }, dataset.shape, 10);
  const weights = model.init(engine.random(key(1, 'init')));
  const evaluator = createEvaluator(engine, classifier(model, weights), dataset.splits.validation, training);
  const before = tf.memory().numTensors;
  const images = await evaluator.examples(weights, key(1, 'examples'));
  expect([...(await evaluator.examples(weights, key(1, 'examples')))]).toEqual([...images]);
  if (id !== 'tensorflow') expect(tf.memory().numTensors).toBe(before);
  const half = images.length / 2;
  expect(half).toBe(gridColumns * 28 * 28);
  const moved = Array.from({ length: half }, (_, i) => Math.abs((images[half + i] ?? NaN) - (images[i] ?? NaN)));
  expect(Math.max(...moved)).toBeGreaterThan(training.evaluationEps / 2);
  expect(Math.max(...moved)).toBeLessThanOrEqual(training.evaluationEps + 1e-6);
  evaluator.dispose();
  await engine.dispose();
});
