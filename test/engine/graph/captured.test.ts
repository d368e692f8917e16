/** A captured step is the eager one: the same numbers, the same random streams, one state, nothing left behind. */
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadBinding } from '../../../core/engine/tensorflow-binding';
import type { Engine, NamedTensors, Random } from '../../../core/engine/engine';
import { key } from '../../../core/lib/key';
import { objectiveRegistry } from '../../../core/objectives/registry';
import { open, testEngines } from '../../engines';
import { type Trainee, bothForms, numbers, runStep, tiny } from './steps';

describe.skipIf(!testEngines.includes('tensorflow'))('a captured step', () => {
  let engine: Engine;
  const left = () => [tf.memory().numTensors, loadBinding().binding.getNumOfSavedModels()];
  beforeAll(async () => {
    engine = await open('tensorflow');
  });
  afterAll(() => engine.dispose());

  const wrn = (norm: string): Trainee['model'] => ['wrn', { depth: 10, width: 1, norm }];
  const trainees: [string, Trainee][] = [
    ...objectiveRegistry.ids.map((objective): [string, Trainee] => [objective, { model: tiny, objective }]),
    ['natural, group norm, SGD', { model: wrn('group'), objective: 'natural', optimiser: 'sgd' }],
    ['PGD-AT, WRN without norm, clipped', { model: wrn('none'), objective: 'pgd-at', clip: 0.1 }],
    ['JEAT, WRN with group norm, EMA', { model: wrn('group'), objective: 'jeat', ema: 0.9, optimiser: 'adamw' }],
    ['natural, WRN with batch norm, SGD', { model: wrn('batch'), objective: 'natural', optimiser: 'sgd' }],
    ['PGD-AT, WRN with batch norm', { model: wrn('batch'), objective: 'pgd-at' }],
    ['JEAT, WRN with batch norm, EMA', { model: wrn('batch'), objective: 'jeat', ema: 0.9, optimiser: 'adamw' }],
    ['PGD-AT in three parts', { model: tiny, objective: 'pgd-at', parts: 3 }],
  ];
  test.each(trainees)('gives the same bits over 20 steps: %s', async (_, trainee) => {
    const before = left();
    const notes: string[] = [];
    const { eager, compiled } = bothForms(engine, trainee, { note: (sentence) => notes.push(sentence) });
    for (let i = 0; i < 20; i++) {
      const chains = trainee.objective === 'jeat';
      expect(await runStep(engine, compiled, i, chains)).toEqual(await runStep(engine, eager, i, chains));
    }
    expect(await numbers(compiled.state)).toEqual(await numbers(eager.state));
    expect(notes).toEqual([]);
    eager.dispose();
    compiled.dispose();
    expect(left()).toEqual(before);
  });

  test('draws by seed, stream and step of each call', async () => {
    const draw = (state: NamedTensors, _inputs: NamedTensors, random: Random) => ({
      state,
      outputs: { u: random.uniform([4], -1, 1), n: random.fork('deep').fork(2).normal([3]) },
    });
    const step = engine.compile(draw, {});
    const keys = [key(1, 'a', 0), key(1, 'a', 1), key(2, 'a', 1), key(1, 'b', 1), key(1, 'a', 0), key(2 ** 40, 'a', 7)];
    const seen = new Set<string>();
    for (const each of keys) {
      const wanted = draw({}, {}, engine.random(each)).outputs;
      const drawn = step.run({}, each);
      expect(await numbers(drawn)).toEqual(await numbers(wanted));
      seen.add(JSON.stringify(await numbers(drawn)));
      tf.dispose([wanted, drawn]);
    }
    expect(seen.size).toBe(keys.length - 1);
    step.dispose();
  });

  test('goes on from a state that was read, kept and loaded, to the same bits', async () => {
    const { compiled, eager } = bothForms(engine, { model: tiny, objective: 'pgd-at' });
    for (let i = 0; i < 3; i++) await runStep(engine, compiled, i, false);
    const kept = Object.fromEntries(Object.entries(compiled.state).map(([name, tensor]) => [name, tensor.clone()]));
    for (let i = 3; i < 6; i++) await runStep(engine, compiled, i, false);
    const whole = await numbers(compiled.state);
    compiled.load(kept);
    for (let i = 3; i < 6; i++) await runStep(engine, compiled, i, false);
    expect(await numbers(compiled.state)).toEqual(whole);
    compiled.dispose();
    eager.dispose();
  });

  test('keeps one state over batches of any number of sizes', async () => {
    const before = left();
    const { compiled, eager } = bothForms(engine, { model: tiny, objective: 'natural' });
    for (const [i, n] of [6, 2, 6, 3, 4, 5, 7, 8, 9, 6, 2].entries())
      expect(await runStep(engine, compiled, i, false, n)).toEqual(await runStep(engine, eager, i, false, n));
    expect(await numbers(compiled.state)).toEqual(await numbers(eager.state));
    compiled.dispose();
    eager.dispose();
    expect(left()).toEqual(before);
  });

  test('hands inputs and state through as they are', async () => {
    const step = engine.compile(
      (state: NamedTensors, { x }: NamedTensors) => ({
        state,
        outputs: { x: x as tf.Tensor, w: state.w as tf.Tensor },
      }),
      { w: tf.tensor1d([1, 2]) },
    );
    const x = tf.tensor1d([3]);
    for (let i = 0; i < 3; i++) {
      const outputs = step.run({ x }, key(1, 'same', i));
      expect(await numbers(outputs)).toEqual({ x: [3], w: [1, 2] });
      tf.dispose(outputs);
    }
    expect(await numbers(step.state)).toEqual({ w: [1, 2] });
    step.dispose();
    x.dispose();
  });

  test('does not grow over 2,000 runs and 50 compilations', async () => {
    const counting = (state: NamedTensors, { by }: NamedTensors, random: Random) => ({
      state: { n: tf.add(state.n as tf.Tensor, by as tf.Tensor) },
      outputs: { noise: tf.sum(random.normal([64, 64])) },
    });
    const by = tf.scalar(1);
    const count = async (runs: number): Promise<number> => {
      const step = engine.compile(counting, { n: tf.scalar(0) });
      for (let i = 0; i < runs; i++) tf.dispose(step.run({ by }, key(1, 'count', i)));
      const [n = NaN] = await (step.state.n as tf.Tensor).data();
      step.dispose();
      return n;
    };
    await count(10);
    const [before, memory] = [left(), process.memoryUsage.rss()];
    expect(await count(2000)).toBe(2000);
    for (let i = 0; i < 50; i++) expect(await count(3)).toBe(3);
    expect(left()).toEqual(before);
    expect(process.memoryUsage.rss() - memory).toBeLessThan(150e6);
    by.dispose();
  });

  test('in bfloat16 stays near float32, with the points alone nearer, and keeps its state in float32', async () => {
    const after = async (precision: 'float32' | 'bfloat16' | 'points-bfloat16') => {
      const { eager, compiled } = bothForms(
        engine,
        { model: tiny, objective: 'noise', optimiser: 'sgd' },
        { precision },
      );
      eager.dispose();
      for (let i = 0; i < 20; i++) await runStep(engine, compiled, i, false);
      for (const tensor of Object.values(compiled.state)) expect(tensor.dtype).toBe('float32');
      const found = await numbers(compiled.state);
      compiled.dispose();
      return Object.values(found).flat();
    };
    const distance = (a: number[], b: number[]) =>
      Math.hypot(...a.map((value, i) => value - (b[i] ?? 0))) / Math.hypot(...b);
    const [full, half, points] = [await after('float32'), await after('bfloat16'), await after('points-bfloat16')];
    expect(distance(half, full)).toBeGreaterThan(0);
    expect(distance(half, full)).toBeLessThan(0.02);
    expect(distance(points, full)).toBe(0); // the noise objective finds its points without a network
  });
});
