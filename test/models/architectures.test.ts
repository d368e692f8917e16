/** Counts as in the literature, options refused with a sentence, fresh weights that depend on the seed alone. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../core/engine/engine';
import { key } from '../../core/lib/key';
import { parameterCount } from '../../core/models/model';
import { buildModel, modelRegistry } from '../../core/models/registry';
import { open, testEngines } from '../engines';
import { reference } from './reference';

describe('architectures', () => {
  it.each(reference.counts)('%s %j on %j with %i classes has as many weights as in PyTorch: %i', (...row) => {
    const [architecture, options, shape, classes, count] = row;
    expect(parameterCount(buildModel(architecture, options, shape, classes))).toBe(count);
  });

  it.each([
    ['wrn', { depth: 28, width: 10, norm: 'batch' }, [32, 32, 3], 36_479_194],
    ['resnet18', {}, [32, 32, 3], 11_173_962],
    ['resnet50', {}, [32, 32, 3], 23_520_842],
    ['wrn', { depth: 34, width: 10, norm: 'batch' }, [32, 32, 3], 46_160_474],
    ['wrn', { depth: 70, width: 16, norm: 'batch' }, [32, 32, 3], 266_796_506],
    ['dm-wrn', { depth: 70, width: 16 }, [32, 32, 3], 266_796_506],
    ['convnet', {}, [28, 28, 1], 150_314],
    ['convnet', { widths: '48,64,96,96,192', kernels: '3,4,3,3,3', strides: '1,2,2,1,2' }, [32, 32, 3], 385_802],
  ] as const)("%s %j on %j has the literature's count, %i", (architecture, options, shape, count) => {
    expect(parameterCount(buildModel(architecture, options, shape, 10))).toBe(count);
  });

  it.each([
    ['wnr', {}, 'UNKNOWN_NAME', "'wnr'"],
    ['wrn', { depth: 27 }, 'BAD_OPTION', '27'],
    ['wrn', { norm: 'layer' }, 'BAD_OPTION', 'layer'],
    ['wrn', { norm: 'group', groups: 5 }, 'BAD_OPTION', '5 groups'],
    ['wrn', { widht: 2 }, 'BAD_OPTION', 'widht'],
    ['convnet', { widths: [8, 8] }, 'BAD_OPTION', '2 widths'],
    ['convnet', { widths: [8, 8, 8, 1.5] }, 'BAD_OPTION', 'whole'],
    ['convnet', { kernels: [4, 4, 4, 4], strides: [2, 2, 2, 2] }, 'BAD_OPTION', 'too small'],
    ['resnet18', { normalisation: 'explicit', mean: [0, 0] }, 'BAD_OPTION', '0, 0'],
    ['mlp', { depth: 1e9 }, 'BAD_OPTION', '1000000000'],
  ])('%s %j is refused', (architecture, options, code, said) => {
    const build = () => buildModel(architecture, options, [4, 4, 1], 10);
    expect(build).toThrow(expect.objectContaining({ code, message: expect.stringContaining(said) }));
  });

  it.each([
    ['dm-wrn', [10, 8, 3], 'multiples of 4, not 10 x 8 x 3'],
    ['dm-preact-resnet18', [28, 28, 1], 'multiples of 8'],
  ] as const)('%s refuses images of %j, which it cannot halve', (architecture, shape, said) => {
    expect(() => buildModel(architecture, {}, shape, 10)).toThrow(
      expect.objectContaining({ code: 'BAD_DATA', message: expect.stringContaining(said) }),
    );
  });

  it('refuses impossible images and class counts', () => {
    expect(() => buildModel('mlp', {}, [0, 4, 1], 10)).toThrow(expect.objectContaining({ code: 'BAD_DATA' }));
    expect(() => buildModel('mlp', {}, [4, 4, 1], 0)).toThrow(expect.objectContaining({ code: 'BAD_DATA' }));
  });
});

/** Small forms of every architecture. */
const small: Readonly<Record<string, Record<string, unknown>>> = {
  convnet: { widths: [4, 4, 4, 4] },
  mlp: { width: 8 },
  wrn: { depth: 10, width: 1 },
  resnet18: { width: 4 },
  'preact-resnet18': { width: 4 },
  resnet50: { width: 2 },
  'dm-wrn': { depth: 10, width: 1 },
  'dm-preact-resnet18': { width: 4 },
};

describe.each(testEngines)('fresh weights on %s', (id) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await open(id);
  });
  afterAll(() => engine.dispose());

  it.each(modelRegistry.ids)('%s: finite logits of moderate size, the same for the same seed', async (architecture) => {
    const before = tf.memory().numTensors;
    const model = buildModel(architecture, small[architecture] ?? {}, [8, 8, 3], 5);
    const x = engine.random(key(1, 'x')).uniform([3, 8, 8, 3]) as Tensor4D;
    const logitsOf = async (seed: number) => {
      const weights = model.init(engine.random(key(seed, 'init')));
      expect(Object.keys(weights)).toEqual(model.parameters.map(({ name }) => name));
      for (const { name, shape } of model.parameters) expect(weights[name]?.shape, name).toEqual(shape);
      const logits = model.logits(weights, x);
      const values = Array.from(await logits.data());
      tf.dispose([weights, logits]);
      return values;
    };
    const first = await logitsOf(1);
    expect(first).toHaveLength(15);
    expect(Math.max(...first.map(Math.abs))).toBeLessThan(30);
    expect(await logitsOf(1)).toEqual(first);
    expect(await logitsOf(2)).not.toEqual(first);
    x.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('draws weights of the spread that PyTorch gives them', async () => {
    const model = buildModel('wrn', { depth: 10, width: 1, norm: 'batch' }, [8, 8, 3], 5);
    const weights = model.init(engine.random(key(3, 'init')));
    const spread = async (name: string) => {
      const values = Array.from((await weights[name]?.data<'float32'>()) ?? []);
      return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
    };
    expect(await spread('block3.layer.0.conv2.weight')).toBeCloseTo(Math.sqrt(2 / (9 * 64)), 2);
    expect(await spread('fc.weight')).toBeCloseTo(1 / Math.sqrt(3 * 64), 1);
    expect(await spread('bn1.running_var')).toBe(1);
    tf.dispose(weights);
  });

  it('says which images it takes', () => {
    const model = buildModel('mlp', {}, [2, 2, 1], 2);
    const x: Tensor4D = tf.zeros([1, 4, 4, 3]);
    expect(() => model.logits({}, x)).toThrow(
      expect.objectContaining({ code: 'BAD_DATA', message: expect.stringContaining('2 x 2 x 1') }),
    );
    x.dispose();
  });
});
