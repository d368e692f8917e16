/** Inception-v3 against torch-fidelity's, with weights by a formula (test/fixtures/generation/make_inception.py), and files that are none. */
import * as tf from '@tensorflow/tfjs-core';
import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../core/engine/engine';
import { inceptionNetwork } from '../../core/models/inception/extractor';
import { inceptionInput } from '../../core/models/inception/graph';
import { foldedWeights, inceptionShapes, inceptionTensors } from '../../core/models/inception/weights';
import type { RawTensor } from '../../core/models/safetensors';
import { open, testEngines } from '../engines';
import { u } from './reference';

const folder = new URL('../fixtures/generation/', import.meta.url);
const reference = v.parse(
  v.object({
    apart: v.number(),
    sizes: v.array(v.tuple([v.number(), v.number()])),
    resized: v.array(v.array(v.number())),
  }),
  JSON.parse(readFileSync(new URL('inception.json', folder), 'utf8')),
);
const bytes = new Uint8Array(readFileSync(new URL('inception.bin', folder)));
const rows = new Float32Array(bytes.buffer);
const row = 2048 + 1008;

const image = (i: number, [height, width]: readonly [number, number]): Uint8Array =>
  Uint8Array.from(u(`image ${i}`, height * width * 3), (value) => Math.floor((value + 0.5) * 256 * (0.3 + 0.1 * i)));

/** The rule of formula.py. */
function formula(name: string, shape: readonly number[]): RawTensor {
  const size = (of: readonly number[]) => of.reduce((product, n) => product * n, 1);
  const gain = shape.length === 4 ? Math.SQRT2 : 1;
  const fan = Math.sqrt(12 / size(shape.slice(1)));
  const rule = (n: number) => {
    if (shape.length > 1) return Math.fround(n * fan) * gain;
    if (name.endsWith('running_var')) return 1 + n;
    return name.endsWith('.weight') ? 1 + 0.4 * n : 0.4 * n;
  };
  return { shape: [...shape], data: Float32Array.from(u(name, size(shape)), rule) };
}

/** 24 million numbers, made once. */
let made: Record<string, RawTensor> | undefined;

// the plain engine takes minutes for one image
const engines = testEngines.filter((id) => id !== 'cpu');

describe.runIf(engines.length > 0).each(engines)('Inception on %s', (id) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await open(id);
    made ??= Object.fromEntries([...inceptionShapes()].map(([name, shape]) => [name, formula(name, shape)]));
  }, 60_000);
  afterAll(() => engine.dispose());

  it('resizes as TensorFlow 1 does', async () => {
    for (const [i, size] of reference.sizes.entries()) {
      const x = tf.tensor4d(Float32Array.from(image(i, size)), [1, ...size, 3]);
      const resized = inceptionInput(x);
      const values = await resized.data();
      reference.resized[i]?.forEach((expected, j) =>
        expect(Math.abs((values[j * 26_701] ?? NaN) * 128 + 128 - expected)).toBeLessThan(1e-3),
      );
      tf.dispose([x, resized]);
    }
  });

  it('is compared by images that its features tell apart', () => {
    expect(reference.apart).toBeGreaterThan(1e-2);
  });

  it('has the features and logits of torch-fidelity', { timeout: 240_000 }, async () => {
    const before = tf.memory().numTensors;
    const network = inceptionNetwork(engine, foldedWeights(made ?? {}), { calls: 1 });
    // one core takes long: two sizes tell as much
    const sizes = id === 'tensorflow' ? reference.sizes : reference.sizes.slice(0, 2);
    for (const [i, size] of sizes.entries()) {
      const { features, logits } = await network.extract(image(i, size), 1, [...size, 3]);
      const expected = rows.subarray(i * row, (i + 1) * row);
      const all = Float32Array.from([...features, ...logits]);
      const largest = Math.max(...expected.map(Math.abs));
      const difference = Math.max(...all.map((value, j) => Math.abs(value - (expected[j] ?? NaN))));
      expect(difference / largest, `image ${i}`).toBeLessThan(1e-4);
    }
    network.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('a file of weights', () => {
  it('has 94 convolutions and 23.9 million trained numbers', () => {
    const shapes = [...inceptionShapes()];
    expect(shapes.filter(([name]) => name.endsWith('.conv.weight'))).toHaveLength(94);
    const trained = shapes.filter(([name]) => !name.includes('running'));
    const count = trained.reduce((sum, [, shape]) => sum + shape.reduce((product, n) => product * n, 1), 0);
    // torchvision's count without the auxiliary head, and eight outputs more
    expect(count).toBe(23_834_568 + 8 * 2049);
  });

  it.each([
    ['nothing of it', {}, "it has nothing for 'Conv2d_1a_3x3.conv.weight', which is [32, 3, 3, 3]"],
    [
      'another shape',
      { 'Conv2d_1a_3x3.conv.weight': { shape: [32, 3, 5, 5], data: new Float32Array(2400) } },
      "it has [32, 3, 5, 5] for 'Conv2d_1a_3x3.conv.weight'",
    ],
    [
      'NaN',
      { 'Conv2d_1a_3x3.conv.weight': { shape: [32, 3, 3, 3], data: new Float32Array(864).fill(NaN) } },
      "a value in 'Conv2d_1a_3x3.conv.weight' that is not finite",
    ],
  ])('with %s is refused in a sentence', (_, tensors, sentence) => {
    expect(() => inceptionTensors(tensors, 'x.pth')).toThrow(sentence);
  });
});
