/** Random tensors on every engine: a pure function of the key, the host's numbers, in range, nothing left behind. */
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine, EngineId } from '../../core/engine/engine';
import { fork, key } from '../../core/lib/key';
import { normals, uniforms } from '../../core/lib/philox';
import { open, testEngines } from '../engines';

/** tensorflow draws with its own native generator, so its numbers are not the host's. */
const drawsLikeTheHost = (id: EngineId) => id !== 'tensorflow';

async function read(tensor: tf.Tensor): Promise<Float32Array> {
  const values = Float32Array.from(await tensor.data());
  tensor.dispose();
  return values;
}

const furthest = (a: Float32Array, b: Float32Array) =>
  a.length === b.length ? a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? NaN))), 0) : Infinity;

describe.each(testEngines)('random on %s', (id) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await open(id);
  });
  afterAll(() => engine.dispose());

  const base = key(2 ** 33 + 7, 'test/random', 2 ** 31 + 5);

  test.each([[[5]], [[2, 3, 4, 1]], [[]], [[1030]]])('has shape %j and repeats', async (shape) => {
    const draws = [engine.random(base).normal(shape), engine.random(base).uniform(shape)];
    const again = [engine.random(base).normal(shape), engine.random(base).uniform(shape)];
    for (const [i, drawn] of draws.entries()) {
      expect(drawn.shape).toEqual(shape);
      expect(drawn.dtype).toBe('float32');
      const repeated = again[i];
      if (repeated) expect(await read(drawn)).toEqual(await read(repeated));
    }
  });

  test('another seed, step, stream or fork gives other numbers', async () => {
    const keys = [base, key(8, base.stream, base.step), key(base.seed, base.stream, 1), fork(base, 'x')];
    const firsts = await Promise.all(keys.map(async (one) => (await read(engine.random(one).normal([8])))[3]));
    firsts.push((await read(engine.random(base).fork('y').normal([8])))[3]);
    expect(new Set(firsts).size).toBe(5);
    expect(await read(engine.random(base).fork('x').normal([8]))).toEqual(
      await read(engine.random(fork(base, 'x')).normal([8])),
    );
  });

  test('uniforms fill [low, high) and normals have mean 0 and deviation 1', async () => {
    const u = await read(engine.random(base).uniform([4000], -2, 3));
    expect(Math.min(...u)).toBeGreaterThanOrEqual(-2);
    expect(Math.max(...u)).toBeLessThan(3);
    expect(Math.abs(u.reduce((sum, value) => sum + value, 0) / u.length - 0.5)).toBeLessThan(0.1);
    const z = await read(engine.random(base).normal([4000]));
    expect(Math.abs(z.reduce((sum, value) => sum + value, 0) / z.length)).toBeLessThan(0.06);
    expect(Math.abs(z.reduce((sum, value) => sum + value * value, 0) / z.length - 1)).toBeLessThan(0.1);
  });

  test.runIf(drawsLikeTheHost(id))("are the host's: uniforms exactly, normals to 1e-5", async () => {
    const u = await read(engine.random(base).uniform([9001]));
    expect(furthest(u, uniforms(fork(base, 'uniform'), 9001))).toBe(0);
    const z = await read(engine.random(base).normal([9001]));
    expect(furthest(z, normals(fork(base, 'normal'), 9001))).toBeLessThan(1e-5);
  });

  test('leave no tensor behind', () => {
    const before = engine.memory().tensors;
    tf.dispose([engine.random(base).uniform([7]), engine.random(base).fork(1).normal([2, 2])]);
    expect(engine.memory().tensors).toBe(before);
  });
});
