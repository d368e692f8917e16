/** Every objective on every engine: its gradients against finite differences, reproducible points, nothing left behind. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine, NamedTensors } from '../../core/engine/engine';
import { key } from '../../core/lib/key';
import { type Weights, classifier } from '../../core/models/model';
import { buildModel } from '../../core/models/registry';
import type { ObjectiveBatch, Points } from '../../core/objectives/objective';
import { bindObjective, objectiveRegistry } from '../../core/objectives/registry';
import { lossAndGradients } from '../../core/training/gradients';
import { open, testEngines } from '../engines';

/** A smooth network, so that finite differences are exact to second order. */
const model = buildModel('mlp', { width: 12, depth: 2, activation: 'silu' }, [1, 1, 2], 3);
/** Short inner steps, so that where an attack ends still depends on where it started. */
const short = { innerStep: 0.002, innerSteps: 2 };
const cases = [
  ['natural', {}],
  ['noise', {}],
  ...['pgd-at', 'fgsm-rs', 'prejeat', 'jeat'].map((id) => [id, short] as const),
  ['jeat', { ...short, form: 'bounded', conditional: true, energyL2: 0.01 }],
] as const;

it('every objective is in the table', () => {
  expect(new Set(cases.map(([id]) => id))).toEqual(new Set(objectiveRegistry.ids));
});

describe.each(testEngines)('objectives on %s', (id) => {
  let engine: Engine;
  let weights: Weights;
  let batch: ObjectiveBatch;
  beforeAll(async () => {
    engine = await open(id);
    const random = engine.random(key(5, 'objectives'));
    weights = model.init(random.fork('weights'));
    const labels = (n: number) =>
      tf.tensor1d(
        Int32Array.from({ length: n }, (_, i) => i % 3),
        'int32',
      );
    batch = {
      x: random.fork('x').uniform([6, 1, 1, 2]) as Tensor4D,
      y: labels(6),
      chains: { x: random.fork('chains').uniform([4, 1, 1, 2]) as Tensor4D, y: labels(4) },
    };
  });
  afterAll(() => engine.dispose());

  it.each(cases)('%s %j: gradient in the weights equals finite differences', async (objective, given) => {
    const { entry, options } = bindObjective(objective, given);
    const before = tf.memory().numTensors;
    const points = entry.points(classifier(model, weights), batch, options, engine.random(key(1, 'points')));
    const lossAt = async (values: NamedTensors, at: Points): Promise<number> => {
      const loss = tf.tidy(() => entry.loss(classifier(model, values), batch, at, options).loss);
      const [value] = await loss.data<'float32'>();
      loss.dispose();
      return value ?? NaN;
    };
    tf.engine().startScope();
    const { loss, terms, gradients } = lossAndGradients({ ...weights }, (values) =>
      entry.loss(classifier(model, values), batch, points, options),
    );
    for (const gradient of Object.values(gradients)) tf.keep(gradient);
    tf.engine().endScope();
    const directions: NamedTensors = tf.tidy(() =>
      Object.fromEntries(
        Object.entries(weights).map(([name, w], i) => [name, engine.random(key(9, `direction/${i}`)).normal(w.shape)]),
      ),
    );
    const slope = tf.tidy(() =>
      tf.addN(Object.entries(gradients).map(([name, g]) => tf.sum(tf.mul(g, directions[name] ?? tf.scalar(NaN))))),
    );
    const h = 2e-3;
    const moved = (by: number) =>
      tf.tidy(() =>
        Object.fromEntries(
          Object.entries(weights).map(([name, w]) => [name, tf.add(w, tf.mul(directions[name] ?? tf.scalar(NaN), by))]),
        ),
      );
    const [up, down] = [moved(h), moved(-h)];
    const numeric = ((await lossAt(up, points)) - (await lossAt(down, points))) / (2 * h);
    const [analytic] = await slope.data<'float32'>();
    expect(Math.abs(numeric)).toBeGreaterThan(1e-3);
    expect(Math.abs((analytic ?? NaN) - numeric)).toBeLessThan(0.02 * Math.abs(numeric) + 2e-3);
    tf.dispose([loss, terms, gradients, directions, slope, up, down, points as NamedTensors]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each(cases)('%s %j: the same key gives the same points', async (objective, given) => {
    const { entry, options } = bindObjective(objective, given);
    const draw = async (seed: number) => {
      const points = entry.points(classifier(model, weights), batch, options, engine.random(key(seed, 'points')));
      const values = await Promise.all(
        Object.values(points as NamedTensors).map(async (tensor) => Array.from(await tensor.data())),
      );
      tf.dispose(points as NamedTensors);
      return values;
    };
    const first = await draw(3);
    expect(await draw(3)).toEqual(first);
    if (first.length > 0) expect(await draw(4)).not.toEqual(first);
    expect((batch.y as Tensor1D).isDisposed).toBe(false);
  });
});
