/** Every op that models, energies and objectives are made of: value and gradient on each engine against the cpu kernels. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openCpu } from '../../core/engine/cpu';
import type { Engine } from '../../core/engine/engine';
import { key } from '../../core/lib/key';
import { normals, uniforms } from '../../core/lib/philox';
import { open, testEngines } from '../engines';

interface Case {
  readonly shape: number[];
  readonly run: (x: Tensor) => Tensor;
  /** 'positive' draws x in [0.1, 1.1). */
  readonly positive?: true;
  /** The gradient is zero or none: only the value is compared. */
  readonly flat?: true;
}

const image = [2, 6, 6, 4];
const table = [9, 7];
const of = (shape: number[], run: (x: Tensor) => Tensor, more: Partial<Case> = {}): Case => ({ shape, run, ...more });
const asImage = (x: Tensor) => x as tf.Tensor4D;
const labels = () => tf.tensor1d([3, 0, 6, 1, 1, 2, 5, 4, 0], 'int32');
const constant = (shape: number[]) =>
  tf.tensor(
    normals(
      key(4, 'constant'),
      shape.reduce((p, n) => p * n, 1),
    ),
    shape,
  );

function batchNorm(x: Tensor): Tensor {
  const { mean, variance } = tf.moments(x, [0, 1, 2]);
  return tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-5)));
}

function groupNorm(x: Tensor): Tensor {
  const groups = tf.reshape(x, [2, 6, 6, 2, 2]);
  const { mean, variance } = tf.moments(groups, [1, 2, 4], true);
  return tf.reshape(tf.div(tf.sub(groups, mean), tf.sqrt(tf.add(variance, 1e-5))), x.shape);
}

const cases: Record<string, Case> = {
  relu: of(image, (x) => tf.relu(x)),
  leakyRelu: of(image, (x) => tf.leakyRelu(x, 0.2)),
  'leakyRelu of a vector': of([13], (x) => tf.leakyRelu(x, 0.1)),
  silu: of(image, (x) => tf.mul(x, tf.sigmoid(x))),
  softplus: of(image, (x) => tf.softplus(tf.mul(x, 9))),
  elu: of(image, (x) => tf.elu(x)),
  selu: of(image, (x) => tf.selu(x)),
  tanh: of(image, (x) => tf.tanh(x)),
  sigmoid: of(image, (x) => tf.sigmoid(x)),
  exp: of(image, (x) => tf.exp(x)),
  log: of(image, (x) => tf.log(x), { positive: true }),
  log1p: of(image, (x) => tf.log1p(x), { positive: true }),
  sqrt: of(image, (x) => tf.sqrt(x), { positive: true }),
  rsqrt: of(image, (x) => tf.rsqrt(x), { positive: true }),
  reciprocal: of(image, (x) => tf.reciprocal(x), { positive: true }),
  pow: of(image, (x) => tf.pow(x, 1.5), { positive: true }),
  square: of(image, (x) => tf.square(x)),
  abs: of(image, (x) => tf.abs(x)),
  neg: of(image, (x) => tf.neg(x)),
  sign: of(image, (x) => tf.sign(x), { flat: true }),
  step: of(image, (x) => tf.step(x, 0.3), { flat: true }),
  floor: of(image, (x) => tf.floor(x), { flat: true }),
  clip: of(image, (x) => tf.clipByValue(x, -0.5, 0.5)),
  'add, broadcast': of(image, (x) => tf.add(x, constant([4]))),
  'add to a broadcast x': of([4], (x) => tf.add(constant(image), x)),
  'sub, broadcast': of([2, 1, 1, 4], (x) => tf.sub(constant(image), x)),
  'mul, broadcast': of([2, 1, 1, 1], (x) => tf.mul(constant(image), x)),
  'div, broadcast': of([2, 1, 1, 4], (x) => tf.div(constant(image), x), { positive: true }),
  maximum: of(image, (x) => tf.maximum(x, constant(image))),
  minimum: of(image, (x) => tf.minimum(x, 0.2)),
  squaredDifference: of(image, (x) => tf.squaredDifference(x, constant(image))),
  where: of(image, (x) => tf.where(tf.greater(constant(image), 0), x, tf.mul(x, 3))),
  'comparison as float': of(image, (x) => tf.cast(tf.greaterEqual(x, 0.1), 'float32'), { flat: true }),
  isFinite: of(image, (x) => tf.cast(tf.isFinite(tf.log(x)), 'float32'), { flat: true }),
  'sum over all': of(image, (x) => tf.sum(x)),
  'sum over an axis': of(image, (x) => tf.sum(x, 2)),
  'mean over space': of(image, (x) => tf.mean(x, [1, 2])),
  'max over classes': of(table, (x) => tf.max(x, 1)),
  'min over classes': of(table, (x) => tf.min(x, 1)),
  'norm per example': of(image, (x) => tf.sqrt(tf.sum(tf.square(x), [1, 2, 3], true))),
  cumsum: of(table, (x) => tf.cumsum(x, 1)),
  logSumExp: of(table, (x) => tf.logSumExp(x, 1)),
  'logSumExp of 1e4': of(table, (x) => tf.logSumExp(tf.mul(x, 1e4), 1)),
  softmax: of(table, (x) => tf.softmax(x)),
  logSoftmax: of(table, (x) => tf.logSoftmax(x)),
  'cross-entropy': of(table, (x) => tf.neg(tf.sum(tf.mul(tf.logSoftmax(x), tf.oneHot(labels(), 7)), 1))),
  'oneHot of float32': of(table, (x) => tf.mul(x, tf.oneHot(labels(), 7, 0.75, -0.5, 'float32'))),
  argMax: of(table, (x) => tf.cast(tf.argMax(x, 1), 'float32'), { flat: true }),
  topk: of(table, (x) => tf.topk(x, 3).values, { flat: true }),
  gather: of(table, (x) => tf.gather(x, tf.tensor1d([8, 0, 0, 5], 'int32'))),
  concat: of(image, (x) => tf.concat([x, tf.mul(x, 2)], 3)),
  stack: of(table, (x) => tf.stack([x, tf.neg(x)], 1)),
  unstack: of(table, (x) => tf.mul(...(tf.unstack(tf.slice(x, [0, 0], [2, 7])) as [Tensor, Tensor]))),
  split: of(image, (x) => tf.mul(...(tf.split(x, 2, 3) as [Tensor, Tensor]))),
  slice: of(image, (x) => tf.slice(x, [0, 1, 2, 0], [2, 4, 3, 4])),
  reverse: of(image, (x) => tf.reverse(x, 2)),
  transpose: of(image, (x) => tf.transpose(x, [0, 3, 1, 2])),
  reshape: of(image, (x) => tf.reshape(x, [2, -1])),
  tile: of([2, 1, 3], (x) => tf.tile(x, [1, 4, 2])),
  broadcastTo: of([2, 1, 1, 3], (x) => tf.broadcastTo(x, [2, 5, 5, 3])),
  expandDims: of(table, (x) => tf.expandDims(x, 1)),
  pad: of(image, (x) =>
    tf.pad(x, [
      [0, 0],
      [2, 1],
      [0, 3],
      [0, 0],
    ]),
  ),
  'mirrorPad reflect': of(image, (x) =>
    tf.mirrorPad(
      x,
      [
        [0, 0],
        [2, 2],
        [2, 2],
        [0, 0],
      ],
      'reflect',
    ),
  ),
  avgPool: of(image, (x) => tf.avgPool(asImage(x), 2, 2, 'valid')),
  'gather of images': of(image, (x) => tf.gather(x, tf.tensor1d([1, 1, 0], 'int32'))),
  maxPool: of(image, (x) => tf.maxPool(asImage(x), 2, 2, 'valid')),
  'batch norm in plain ops': of(image, batchNorm),
  'group norm in plain ops': of(image, groupNorm),
  matMul: of(table, (x) => tf.matMul(x, constant([7, 5]))),
  'matMul, x on the right': of([7, 5], (x) => tf.matMul(constant(table), x)),
  'matMul, transposed': of(table, (x) => tf.matMul(x, constant([5, 9]), true, true)),
  'matMul, batched': of([2, 3, 4], (x) => tf.matMul(x, constant([2, 5, 4]), false, true)),
};

/** The value of a case and the gradient of its product with a constant. */
async function results({ shape, run, positive, flat }: Case): Promise<Float32Array[]> {
  const size = shape.reduce((product, n) => product * n, 1);
  const draw = key(7, 'x');
  const tensors = tf.tidy(() => {
    const x = tf.tensor(positive ? uniforms(draw, size).map((u) => u + 0.1) : normals(draw, size), shape);
    const value = run(x);
    return flat ? [value] : [value, tf.grad(run)(x, constant(value.shape))];
  });
  const values = await Promise.all(tensors.map(async (tensor) => Float32Array.from(await tensor.data())));
  tf.dispose(tensors);
  return values;
}

const expected = new Map<string, Float32Array[]>();
beforeAll(async () => {
  await openCpu();
  for (const [name, one] of Object.entries(cases)) expected.set(name, await results(one));
});

describe.each(testEngines.filter((id) => id !== 'cpu'))('ops on %s', (id) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await open(id);
  });
  afterAll(() => engine.dispose());

  test.each(Object.entries(cases))('%s', async (name, one) => {
    const before = engine.memory().tensors;
    const actual = await results(one);
    expect(engine.memory().tensors).toBe(before);
    for (const [which, values] of actual.entries()) {
      const wanted = expected.get(name)?.[which] ?? new Float32Array();
      expect(values.length).toBe(wanted.length);
      const scale = Math.max(1, ...wanted.map(Math.abs).filter(Number.isFinite));
      values.forEach((value, i) => {
        const difference = Math.abs(value - (wanted[i] ?? NaN)) / scale;
        if (!(difference <= 1e-5) && !Object.is(value, wanted[i]))
          expect.fail(`${which === 0 ? 'value' : 'gradient'} ${i} is ${value}, on cpu ${wanted[i]}`);
      });
    }
  });
});
