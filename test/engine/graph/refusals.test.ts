/** What a graph must not hold, and what goes wrong within one. */
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Engine, NamedTensors } from '../../../core/engine/engine';
import { key } from '../../../core/lib/key';
import { open, testEngines } from '../../engines';
import { numbers } from './steps';

type Named = Record<string, tf.Tensor>;

describe.skipIf(!testEngines.includes('tensorflow'))('a step that cannot be captured', () => {
  let engine: Engine;
  let notes: string[];
  const x = () => tf.tensor1d([1, 2, 3, 4]);
  const note = (sentence: string) => notes.push(sentence);
  beforeAll(async () => {
    engine = await open('tensorflow');
  });
  beforeEach(() => {
    notes = [];
  });
  afterAll(() => engine.dispose());

  /** Runs it three times; what it gave, and what was said. */
  async function run(body: (x: tf.Tensor, call: number) => tf.Tensor) {
    let call = 0;
    const step = engine.compile(
      (state: NamedTensors, inputs: NamedTensors) => ({ state, outputs: { y: body(inputs.x as tf.Tensor, call) } }),
      {},
      { note },
    );
    const found: number[][] = [];
    for (; call < 3; call++) {
      const input = x();
      const outputs = step.run({ x: input }, key(1, 'run', call));
      found.push((await numbers(outputs)).y ?? []);
      tf.dispose([input, outputs]);
    }
    step.dispose();
    return found;
  }

  test('because it reads a value back', async () => {
    const found = await run((input) => tf.mul(input, input.dataSync()[1] ?? 0));
    expect(found).toEqual(Array(3).fill([2, 4, 6, 8]));
    expect(notes).toEqual(['The step runs op by op, in float32, since it reads a value back.']);
  });

  test('because it makes random numbers on the host', async () => {
    const found = await run((input) => tf.add(input, tf.sum(tf.mul(tf.randomNormal([100]), 0))));
    expect(found).toEqual(Array(3).fill([1, 2, 3, 4]));
    expect(notes).toEqual([
      expect.stringMatching(
        /^The step runs op by op, in float32, since it makes 100 unequal numbers \[100\] on the host/,
      ),
    ]);
  });

  test('because it makes a few random numbers on the host, which differ at the second call', async () => {
    const found = await run((input) => tf.add(input, tf.mul(tf.randomUniform([4]), 0)));
    expect(found).toEqual(Array(3).fill([1, 2, 3, 4]));
    expect(notes).toHaveLength(1);
    expect(notes[0]).toMatch(
      /since a number in it changes from call to call: value of Const_\d+ was 0\.\d+ .*, now 0\./,
    );
  });

  test('because it makes a tensor of strings', async () => {
    const found = await run((input) => {
      const words = tf.tensor1d(['a', 'b'], 'string');
      return tf.mul(input, tf.concat([words, words]).size);
    });
    expect(found).toEqual(Array(3).fill([4, 8, 12, 16]));
    expect(notes).toEqual(['The step runs op by op, in float32, since it makes a tensor of strings.']);
  });

  test('because it is given a tensor of strings', async () => {
    const step = engine.compile(
      (state: NamedTensors, { x, words }: Named) => ({
        state,
        outputs: { y: tf.mul(x as tf.Tensor, tf.concat([words as tf.Tensor1D, words as tf.Tensor1D]).size) },
      }),
      {},
      { note },
    );
    const inputs: Named = { x: x(), words: tf.tensor1d(['a', 'b'], 'string') };
    for (let call = 0; call < 3; call++) {
      const outputs = step.run(inputs, key(1, 'words', call));
      expect((await numbers(outputs)).y).toEqual([4, 8, 12, 16]);
      tf.dispose(outputs);
    }
    tf.dispose(inputs);
    step.dispose();
    expect(notes).toEqual(['The step runs op by op, in float32, since it is given a tensor of strings.']);
  });

  test('because it uses a tensor that was made outside of it', async () => {
    const outside = tf.tensor1d([10, 20, 30, 40]);
    expect(await run((input) => tf.add(input, outside))).toEqual(Array(3).fill([11, 22, 33, 44]));
    expect(notes).toEqual([
      'The step runs op by op, in float32, since it uses a float32 tensor [4] that was made outside of it.',
    ]);
    outside.dispose();
  });

  test('because a number in it changes from call to call', async () => {
    const found = await run((input, call) => tf.mul(input, 1 + call));
    expect(found).toEqual([1, 2, 3].map((factor) => [1, 2, 3, 4].map((value) => factor * value)));
    expect(notes).toHaveLength(1);
    expect(notes[0]).toMatch(/a number in it changes from call to call: value of Const_\d+ was 1, now 2\.$/);
  });

  test('because it does something else at its second call', async () => {
    expect(await run((input, call) => (call === 0 ? tf.neg(input) : tf.abs(input)))).toEqual([
      [-1, -2, -3, -4],
      [1, 2, 3, 4],
      [1, 2, 3, 4],
    ]);
    expect(notes[0]).toMatch(/a number in it changes from call to call: op 0 was Neg, now Abs\.$/);
  });

  test('leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    await run((input) => tf.mul(input, input.dataSync()[1] ?? 0));
    await run((input, call) => tf.mul(input, 1 + call));
    expect(tf.memory().numTensors).toBe(before);
  });

  test('because it is wrong says so itself, and its state stays', async () => {
    const step = engine.compile(
      ({ w }: Named, inputs: NamedTensors) => ({
        state: { w: tf.add(w as tf.Tensor, 1) },
        outputs: { y: tf.matMul(w as tf.Tensor2D, inputs.x as tf.Tensor2D) },
      }),
      { w: tf.ones([2, 2]) } as Named,
      { note },
    );
    const [good, bad] = [tf.ones([2, 3]), tf.ones([5, 3])];
    tf.dispose(step.run({ x: good }, key(1, 'wrong', 0)));
    expect(() => step.run({ x: bad }, key(1, 'wrong', 1))).toThrow(
      /size-incompatible: In\[0\]: \[2,2\], In\[1\]: \[5,3\]/,
    );
    expect(await numbers(step.state)).toEqual({ w: [2, 2, 2, 2] });
    const outputs = step.run({ x: good }, key(1, 'wrong', 2));
    expect((await numbers(outputs)).y).toEqual([4, 4, 4, 4, 4, 4]);
    tf.dispose([outputs, good, bad]);
    step.dispose();
    expect(notes).toEqual([]);
  });
});
