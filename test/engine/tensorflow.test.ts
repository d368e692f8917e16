/** What only the tensorflow engine has: its folder, its seeds, its silence, and equal bits from run to run on several threads. */
import * as tf from '@tensorflow/tfjs-core';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../../core/engine/engine';
import { findBuilds } from '../../core/engine/tensorflow-folder';
import { seedPair } from '../../core/engine/tensorflow-random';
import { fork, key } from '../../core/lib/key';
import { packageRoot } from '../../core/lib/paths';
import { open, testEngines } from '../engines';

test('builds are found complete, CUDA first, then the newest', () => {
  const root = mkdtempSync(path.join(os.tmpdir(), 'lowland-builds-'));
  const folders = [
    'tensorflow-2.9.1',
    'tensorflow-2.21.0',
    'tensorflow-2.20.0-gpu',
    'tensorflow-2.22.0.partial-12',
    'else',
  ];
  for (const name of folders) {
    mkdirSync(path.join(root, name, 'tensorflow'), { recursive: true });
    for (const part of ['tfjs_binding.node', 'mute.node']) writeFileSync(path.join(root, name, 'tensorflow', part), '');
  }
  mkdirSync(path.join(root, 'tensorflow-3.0.0', 'tensorflow'), { recursive: true });
  expect(findBuilds(root).map(({ version, gpu }) => `${version}${gpu ? ' CUDA' : ''}`)).toEqual([
    '2.20.0 CUDA',
    '2.21.0',
    '2.9.1',
  ]);
  expect(findBuilds(path.join(root, 'nowhere'))).toEqual([]);
  rmSync(root, { recursive: true });
});

test('every step, stream and seed has a seed pair of its own, in int32', () => {
  const base = key(0, 'attack');
  const keys = [
    ...Array.from({ length: 500 }, (_, step) => key(0, 'attack', step)),
    ...Array.from({ length: 500 }, (_, seed) => key(seed + 1, 'attack')),
    ...Array.from({ length: 500 }, (_, name) => fork(base, name)),
    key(0, 'attack', 2 ** 31),
    key(2 ** 40, 'attack'),
  ];
  const pairs = keys.map(seedPair);
  expect(new Set(pairs.map(String)).size).toBe(keys.length);
  expect(pairs.flat().every((word) => word === (word | 0))).toBe(true);
});

describe.each(testEngines.filter((id) => id === 'tensorflow'))('%s', (id) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await open(id);
  });
  afterAll(() => engine.dispose());

  test('gathers along an axis, and refuses an index that is none', async () => {
    const rows = tf.tensor2d([1, 2, 3, 4, 5, 6], [3, 2]);
    const read = (indices: number[], axis: number) =>
      tf.tidy(() => tf.gather(rows, tf.tensor1d(indices, 'int32'), axis).arraySync());
    expect(read([2, 0, 2], 0)).toEqual([
      [5, 6],
      [1, 2],
      [5, 6],
    ]);
    expect(read([1], 1)).toEqual([[2], [4], [6]]);
    expect(() => read([3], 0)).toThrow(/indices\[0\] = 3 is not in \[0, 3\)/);
    rows.dispose();
  });

  const image = (seed: number) => engine.random(key(seed, 'image')).uniform([16, 16, 16, 3]);
  const weights = () =>
    [
      [3, 3, 3, 16],
      [3, 3, 16, 32],
      [32, 10],
    ].map((shape, i) => tf.mul(engine.random(fork(key(0, 'weights'), i)).normal(shape), 0.1));

  function loss(w: readonly tf.Tensor[], x: tf.Tensor): tf.Tensor {
    const [first, second, last] = w as [tf.Tensor4D, tf.Tensor4D, tf.Tensor2D];
    const hidden = tf.leakyRelu(tf.conv2d(x as tf.Tensor4D, first, 1, 'same'), 0.2);
    const features = tf.mean(tf.leakyRelu(tf.conv2d(hidden as tf.Tensor4D, second, 2, 'same'), 0.2), [1, 2]);
    return tf.neg(tf.mean(tf.logSumExp(tf.matMul(features as tf.Tensor2D, last), 1)));
  }

  /** Descends the loss a few steps from the same start, each after an ascent in x. */
  async function walk(): Promise<Float32Array[]> {
    let w = tf.tidy(weights);
    for (let step = 0; step < 4; step++) {
      const next = tf.tidy(() => {
        const x = image(step);
        const pushed = tf.add(x, tf.mul(tf.sign(tf.grad((v) => loss(w, v))(x)), 0.03));
        const gradients = tf.grads((...v: tf.Tensor[]) => loss(v, pushed))(w);
        return w.map((value, i) => tf.sub(value, tf.mul(gradients[i] ?? 0, 0.1)));
      });
      tf.dispose(w);
      w = next;
    }
    const values = await Promise.all(w.map(async (value) => Float32Array.from(await value.data())));
    tf.dispose(w);
    return values;
  }

  test('repeats training steps bit for bit on all its threads', async () => {
    const first = await walk();
    expect(first.flatMap((values) => [...values]).every(Number.isFinite)).toBe(true);
    for (let i = 0; i < 3; i++) expect(await walk()).toEqual(first);
  });

  test('says nothing on stderr', () => {
    const lowland = path.join(packageRoot, 'bin/lowland.mjs');
    const run = () => spawnSync(process.execPath, [lowland, 'doctor', '--engine', id, '--json'], { encoding: 'utf8' });
    run();
    expect(run()).toMatchObject({ stderr: '', status: 0 });
  });
});
