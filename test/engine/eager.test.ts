/** A compiled step on every engine: keeps its state, is reproducible by key, owns what it should and leaves nothing behind. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Engine, Random } from '../../core/engine/engine';
import { key } from '../../core/lib/key';
import { open, testEngines } from '../engines';

const values = async (tensor: Tensor) => [...(await tensor.data())];

/** Gradient descent with noise on |w - x|^2 / 2. */
function descend({ w }: { w: Tensor }, { x }: { x: Tensor }, random: Random) {
  const gradient = tf.grad((v) => tf.div(tf.sum(tf.square(tf.sub(v, x))), 2))(w);
  const noise = tf.mul(random.fork('noise').normal(w.shape), 0.01);
  const next = tf.add(tf.sub(w, tf.mul(gradient, 0.5)), noise);
  return { state: { w: next }, outputs: { gap: tf.sum(tf.abs(tf.sub(next, x))) } };
}

describe.each(testEngines)('a step on %s', (id) => {
  let engine: Engine;
  let before: number;
  beforeAll(async () => {
    engine = await open(id);
  });
  beforeEach(() => {
    before = engine.memory().tensors;
  });
  afterAll(() => engine.dispose());

  async function walk(steps: number): Promise<{ w: number[]; gaps: number[] }> {
    const x = tf.tensor1d([1, 2, 3]);
    const step = engine.compile(descend, { w: tf.zeros([3]) });
    const gaps: number[] = [];
    for (let i = 0; i < steps; i++) {
      const { gap } = step.run({ x }, key(3, 'walk', i));
      gaps.push(...(await values(gap)));
      gap.dispose();
    }
    const w = await values(step.state.w);
    step.dispose();
    x.dispose();
    return { w, gaps };
  }

  test('carries its state from run to run and repeats under the same keys', async () => {
    const first = await walk(6);
    expect(Math.max(...first.w.map((value, i) => Math.abs(value - (i + 1))))).toBeLessThan(0.15);
    expect(first.gaps[0]).toBeGreaterThan(2.5);
    expect(first.gaps[5]).toBeLessThan(0.3);
    expect(await walk(6)).toEqual(first);
    expect(engine.memory().tensors).toBe(before);
  });

  test('holds no more than its state between runs', async () => {
    const x = tf.tensor1d([1, 2, 3]);
    const step = engine.compile(descend, { w: tf.zeros([3]) });
    for (let i = 0; i < 3; i++) step.run({ x }, key(1, 'hold', i)).gap.dispose();
    // a captured graph holds it in variables of its own
    expect(engine.memory().tensors).toBeLessThanOrEqual(before + 2);
    step.load({ w: tf.ones([3]) });
    expect(await values(step.state.w)).toEqual([1, 1, 1]);
    expect(engine.memory().tensors).toBe(before + 2);
    step.dispose();
    x.dispose();
    expect(engine.memory().tensors).toBe(before);
  });

  test('refuses a state of other names or shapes, and keeps its own', async () => {
    const step = engine.compile(descend, { w: tf.zeros([3]) });
    const [wide, more] = [{ w: tf.ones([4]) }, { w: tf.ones([3]), v: tf.ones([3]) }];
    expect(() => step.load(wide)).toThrow("The state to load has float32 [4] for 'w'; the step has float32 [3].");
    expect(() => step.load(more)).toThrow("The state to load has float32 [3] for 'v'; the step has nothing.");
    expect(await values(step.state.w)).toEqual([0, 0, 0]);
    tf.dispose([wide, more]);
    step.dispose();
    expect(engine.memory().tensors).toBe(before);
  });

  test('survives a run inside a tidy', async () => {
    const x = tf.tensor1d([1, 2, 3]);
    const step = engine.compile(descend, { w: tf.zeros([3]) });
    const gap = tf.tidy(() => step.run({ x }, key(1, 'tidy')).gap);
    expect((await values(gap))[0]).toBeGreaterThan(2);
    expect(await values(step.state.w)).toHaveLength(3);
    tf.dispose([gap, x]);
    step.dispose();
    expect(engine.memory().tensors).toBe(before);
  });
});

/** Ownership is the eager step's own promise; a captured graph has no tensor to hand on. */
describe.each(testEngines.filter((id) => id !== 'tensorflow'))('an eager step on %s', (id) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await open(id);
  });
  afterAll(() => engine.dispose());

  test('clones what it hands on: an input as state, a state as output, one tensor twice', async () => {
    const before = engine.memory().tensors;
    const step = engine.compile(
      ({ last }: { last: Tensor }, { x }: { x: Tensor }) => ({
        state: { last: x },
        outputs: { previous: last, same: x, twice: x },
      }),
      { last: tf.tensor1d([7]) },
    );
    for (const [value, previous] of [
      [1, 7],
      [2, 1],
    ]) {
      const x = tf.tensor1d([value ?? 0]);
      const outputs = step.run({ x }, key(0, 'own'));
      x.dispose();
      expect(await values(outputs.previous)).toEqual([previous]);
      outputs.same.dispose();
      expect(await values(outputs.twice)).toEqual([value]);
      tf.dispose([outputs.previous, outputs.twice]);
      expect(await values(step.state.last)).toEqual([value]);
    }
    step.dispose();
    expect(engine.memory().tensors).toBe(before);
  });

  test('leaves its state as it was when the step throws', async () => {
    const before = engine.memory().tensors;
    const step = engine.compile(
      ({ w }: { w: Tensor }) => {
        tf.add(w, 1);
        throw new Error('no');
      },
      { w: tf.tensor1d([5]) },
    );
    expect(() => step.run({}, key(0, 'throw'))).toThrow('no');
    expect(await values(step.state.w)).toEqual([5]);
    step.dispose();
    expect(engine.memory().tensors).toBe(before);
  });
});
