/** The state of a compiled step through a checkpoint, and what it refuses to load. */
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, describe, test } from 'vitest';
import { loadBinding } from '../../../core/engine/tensorflow-binding';
import type { Engine, NamedTensors } from '../../../core/engine/engine';
import { AppError } from '../../../core/lib/errors';
import { decodeState, encodeState, startPosition } from '../../../core/training/checkpoint';
import { open, testEngines } from '../../engines';
import { type Trainee, bothForms, numbers, runStep, tiny } from './steps';

describe.skipIf(!testEngines.includes('tensorflow'))('the state of a compiled step', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await open('tensorflow');
  });
  afterAll(() => engine.dispose());

  const jeat: Trainee = { model: tiny, objective: 'jeat', ema: 0.9 };
  const start = () => {
    const { eager, compiled } = bothForms(engine, jeat);
    eager.dispose();
    return compiled;
  };

  test('goes through a checkpoint into another step, which goes on to the same bytes', async () => {
    const whole = start();
    for (let i = 0; i < 4; i++) await runStep(engine, whole, i, true);
    const file = await encodeState(whole.state, {}, startPosition);
    const other = start();
    for (let i = 0; i < 2; i++) await runStep(engine, other, 10 + i, true);
    other.load(decodeState({ 'state.safetensors': file }).state);
    expect(Buffer.compare(await encodeState(other.state, {}, startPosition), file)).toBe(0);
    for (let i = 4; i < 8; i++)
      expect(await runStep(engine, other, i, true)).toEqual(await runStep(engine, whole, i, true));
    const [a, b] = [
      await encodeState(whole.state, {}, startPosition),
      await encodeState(other.state, {}, startPosition),
    ];
    expect(Buffer.compare(a, b)).toBe(0);
    for (const step of [whole, other]) step.dispose();
  });

  test('is what was loaded and no mixture, where a state of other shapes or names was refused in between', async () => {
    const step = start();
    for (let i = 0; i < 3; i++) await runStep(engine, step, i, true);
    const before = await numbers(step.state);
    const [first = ''] = Object.keys(step.state);
    const { [first]: left, ...fewer } = step.state;
    const wrong: NamedTensors[] = [{ ...step.state, [first]: tf.zeros([1, 2, 3]) }, fewer, {}];
    expect(left).toBeDefined();
    for (const state of wrong) {
      expect(() => step.load(state)).toThrow(AppError);
      expect(() => step.load(state)).toThrow(`'${first}'`);
    }
    tf.dispose(wrong[0]?.[first]);
    expect(await numbers(step.state)).toEqual(before);
    await runStep(engine, step, 3, true);
    step.dispose();
  });

  test('and its graphs leave nothing in TensorFlow, whether captured, refused or never run', async () => {
    const { binding } = loadBinding();
    const held = () => [tf.memory().numTensors, binding.getNumOfTensors(), binding.getNumOfSavedModels()];
    await runOnce();
    const before = held();
    await runOnce();
    start().dispose();
    expect(held()).toEqual(before);

    async function runOnce() {
      const step = start();
      for (let i = 0; i < 3; i++) await runStep(engine, step, i, true, 4 + (i % 2));
      await numbers(step.state);
      step.dispose();
    }
  });
});
