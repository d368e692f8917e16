/** Scores that tell images apart: their values, the sets they are compared with, and the ranking from both. */
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Split } from '../../core/data/dataset';
import { jointEnergy, marginalEnergy } from '../../core/energy/energy';
import type { Engine } from '../../core/engine/engine';
import { measureOod, scorer } from '../../core/metrics/ood';
import { splitSource, syntheticIds, syntheticSource } from '../../core/metrics/ood-sources';
import * as net from '../energy/reference';
import { open, testEngines } from '../engines';

const own: Split = {
  shape: net.shape,
  size: net.images,
  labels: net.labelValues,
  pixels: net.imageValues,
};
const grey: Split = {
  shape: [3, 3, 1],
  size: 2,
  labels: new Int32Array(2),
  pixels: Float32Array.from({ length: 18 }, (_, i) => i / 18),
};

describe('sets', () => {
  it.each(syntheticIds)('of %s lie in [0,1], and image i depends on the seed and i alone', (kind) => {
    const source = syntheticSource(kind, own, 6, 3);
    const [all, last] = [source.pixels(0, 6), source.pixels(5, 6)];
    expect(Math.min(...all)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...all)).toBeLessThanOrEqual(1);
    expect(all.subarray(-last.length)).toEqual(last);
    expect(syntheticSource(kind, own, 6, 4).pixels(5, 6)).not.toEqual(last);
  });

  it('of another shape are repeated in every channel and interpolated', () => {
    const [first = 0, , , , middle = 0] = splitSource('grey', grey, 1, [3, 3, 1]).pixels(0, 1);
    const colour = splitSource('grey', grey, 9, [6, 6, 3]);
    expect(colour.size).toBe(2);
    const pixels = colour.pixels(0, 1);
    expect([...pixels.subarray(0, 3)]).toEqual([first, first, first]);
    // between the four pixels round the upper left corner of the middle one
    expect(pixels[(2 * 6 + 2) * 3]).toBeCloseTo(0.75 * middle + 0.25 * first, 6);
    expect(splitSource('colour', own, 1, [6, 6, 1]).pixels(0, 1)[0]).toBeCloseTo(
      ((net.imageValues[0] ?? 0) + (net.imageValues[1] ?? 0) + (net.imageValues[2] ?? 0)) / 3,
      6,
    );
  });

  it('whose channels fit neither way are refused', () => {
    const two: Split = { ...grey, shape: [3, 3, 2], pixels: new Float32Array(36) };
    expect(() => splitSource('points', two, 2, [6, 6, 3])).toThrow(
      'Images of points have 2 channels; the model takes 3.',
    );
  });
});

describe.each(testEngines)('scores on %s', (id) => {
  let engine: Engine;
  let model: ReturnType<typeof net.net>;
  beforeAll(async () => {
    engine = await open(id);
    model = net.net();
  });
  afterAll(async () => {
    model.dispose();
    await engine.dispose();
  });

  it('are what they are called, in batches that do not divide the set', async () => {
    const before = tf.memory().numTensors;
    const { scores, dispose } = scorer(engine, model, { batch: 7 });
    const found = await scores(splitSource('own', own, 16));
    dispose();
    expect(tf.memory().numTensors).toBe(before);
    const x = net.x();
    const logits = model.logits(x);
    const energies = marginalEnergy(logits);
    const rows = (await logits.array()) as number[][];
    const energy = await energies.data();
    rows.forEach((row, i) => {
      const total = row.reduce((sum, z) => sum + Math.exp(z), 0);
      expect(found['max-logit'][i]).toBeCloseTo(Math.max(...row), 4);
      expect(found['max-p'][i]).toBeCloseTo(Math.exp(Math.max(...row)) / total, 4);
      expect(found.energy[i]).toBeCloseTo(-(energy[i] ?? NaN), 4);
      expect(found.energy[i]).toBeCloseTo(Math.log(total), 4);
    });
    // the gradient's norm as the largest change of E(x) for a small step
    const direction = tf.grad((at) => tf.sum(marginalEnergy(model.logits(at as tf.Tensor4D))))(x);
    const norms = tf.norm(tf.reshape(direction, [16, -1]), 2, 1);
    const expected = await norms.data();
    expected.forEach((norm, i) => expect(found.gradient[i]).toBeCloseTo(-norm, 4));
    tf.dispose([x, logits, energies, direction, norms]);
  });

  it('tell the sets apart as the ranking says, and themselves not at all', async () => {
    const source = splitSource('own', own, 16);
    const told: string[] = [];
    const [same, noise] = await measureOod(
      engine,
      model,
      source,
      [source, syntheticSource('gaussian noise', own, 10, 1)],
      { batch: 8, tell: (task, done, total) => told.push(`${task} ${done}/${total}`) },
    );
    expect(same?.scores.energy.auroc).toBe(0.5);
    expect(noise).toMatchObject({ against: 'gaussian noise', images: 10 });
    expect(noise?.scores.gradient.auroc).toBeGreaterThanOrEqual(0);
    expect(told).toEqual([
      'own 8/16',
      'own 16/16',
      'own 8/16',
      'own 16/16',
      'gaussian noise 8/10',
      'gaussian noise 10/10',
    ]);
  });

  it('stop when they are told to', async () => {
    const stop = new AbortController();
    stop.abort();
    const source = splitSource('own', own, 16);
    await expect(measureOod(engine, model, source, [source], { batch: 8, signal: stop.signal })).rejects.toMatchObject({
      code: 'CANCELLED',
    });
  });

  it('of the energy agree with E(x,y) summed over classes', async () => {
    const { scores, dispose } = scorer(engine, model, { batch: 16 });
    const { energy } = await scores(splitSource('own', own, 16));
    dispose();
    const sum = tf.tidy(() => {
      const logits = model.logits(net.x());
      const each = Array.from({ length: net.classes }, (_, k) =>
        tf.exp(tf.neg(jointEnergy(logits, tf.fill([16], k, 'int32')))),
      );
      return tf.log(tf.addN(each));
    });
    (await sum.data()).forEach((value, i) => expect(energy[i]).toBeCloseTo(value, 4));
    sum.dispose();
  });
});
