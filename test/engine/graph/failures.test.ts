/** What goes wrong while a graph runs: the op and its shapes are named, and the state stays as it was, all of it. */
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AppError } from '../../../core/lib/errors';
import type { Engine } from '../../../core/engine/engine';
import { key } from '../../../core/lib/key';
import { open, testEngines } from '../../engines';
import { numbers } from './steps';

/** Numbers one to n, and what is taken from them by index: a wrong index shows only when the graph runs. */
interface State extends Record<string, tf.Tensor> {
  count: tf.Tensor;
  values: tf.Tensor;
}

describe.skipIf(!testEngines.includes('tensorflow'))('an error inside a graph', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await open('tensorflow');
  });
  afterAll(() => engine.dispose());

  const taking = () =>
    engine.compile(
      ({ count, values }: State, { index }: { index: tf.Tensor }) => {
        // long enough that an update without this wait would be done when the op fails
        const slow = tf.sum(tf.matMul(tf.fill([300, 300], 1), tf.mul(tf.ones([300, 300]), tf.sum(values))));
        const late = tf.add(values, tf.mul(slow, 0));
        return {
          state: { count: tf.add(count, 1), values: tf.mul(late, 2) },
          outputs: { taken: tf.gatherND(late, index) },
        };
      },
      { count: tf.scalar(0), values: tf.tensor1d([1, 2, 3, 4]) },
    );
  const at = (index: number) => tf.tensor2d([[index]], [1, 1], 'int32');

  test('names the op and the shapes that went in, leaves every state tensor alone, and the next call works', async () => {
    const before = tf.memory().numTensors;
    const step = taking();
    const [good, bad] = [at(3), at(7)];
    for (const [call, wanted] of [4, 8].entries()) {
      const outputs = step.run({ index: good }, key(1, 'take', call));
      expect(await numbers(outputs)).toEqual({ taken: [wanted] });
      tf.dispose(outputs);
    }
    for (let i = 0; i < 20; i++) {
      let thrown: unknown;
      try {
        step.run({ index: bad }, key(1, 'take', 2));
      } catch (error) {
        thrown = error;
      }
      expect(thrown).toBeInstanceOf(AppError);
      expect(thrown).toMatchObject({
        code: 'ENGINE',
        message: expect.stringMatching(/^The compiled step failed at GatherNd of \[4\] and \[1, 1\]: .*\[7\]/),
      });
      expect(await numbers(step.state)).toEqual({ count: [2], values: [4, 8, 12, 16] });
    }
    const outputs = step.run({ index: good }, key(1, 'take', 3));
    expect(await numbers(outputs)).toEqual({ taken: [16] });
    expect(await numbers(step.state)).toEqual({ count: [3], values: [8, 16, 24, 32] });
    step.dispose();
    tf.dispose([outputs, good, bad]);
    expect(tf.memory().numTensors).toBe(before);
  });

  test('leaves the state alone where the state was not looked at in between', async () => {
    const step = taking();
    const [good, bad] = [at(0), at(-1)];
    for (let call = 0; call < 3; call++) tf.dispose(step.run({ index: good }, key(1, 'take', call)));
    for (let i = 0; i < 20; i++) expect(() => step.run({ index: bad }, key(1, 'take', 3))).toThrow(AppError);
    expect(await numbers(step.state)).toEqual({ count: [3], values: [8, 16, 24, 32] });
    step.dispose();
    tf.dispose([good, bad]);
  });
});
