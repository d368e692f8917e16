/** AutoAttack on classifiers whose robust accuracy is known, in pieces and in one; its flags; its budgets. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { versionParts } from '../../core/attacks/versions';
import type { Engine } from '../../core/engine/engine';
import { key } from '../../core/lib/key';
import { shardBlocks } from '../../core/metrics/autoattack/blocks';
import { type Shard, evaluateSuites } from '../../core/metrics/autoattack/evaluate';
import { gradientFlags, modelFlags, squareFlags } from '../../core/metrics/autoattack/flags';
import { Ledger, type SuitesPlan } from '../../core/metrics/autoattack/ledger';
import type { EvaluationRecord } from '../../core/metrics/autoattack/records';
import { suiteStep } from '../../core/metrics/autoattack/step';
import { autoattackSuite, singleSuite } from '../../core/metrics/autoattack/suite';
import { attackedBatches, robustnessOf } from '../../core/metrics/robustness';
import type { Classifier } from '../../core/models/model';
import { open, quickEngines } from '../engines';
import { exactRadius, images, linear, smallSuite } from './autoattack-fixtures';

const whole: Shard = { index: 0, count: 1 };
const eps = 0.05;

describe.each(quickEngines)('AutoAttack on %s', (id) => {
  let engine: Engine;
  let model: Classifier;
  beforeAll(async () => {
    engine = await open(id);
    model = linear(6);
  });
  afterAll(async () => {
    tf.dispose({ ...model.weights });
    await engine.dispose();
  });

  const split = images(50, 6);
  const plan: SuitesPlan = { images: 50, block: 16, seed: 3, suites: [smallSuite(6, eps)] };
  async function records(ledger: Ledger, { shard = whole, most = Infinity, of = model, data = split } = {}) {
    const found: EvaluationRecord[] = [];
    for await (const record of evaluateSuites(ledger, { engine, model: of, split: data, shard })) {
      found.push(record);
      if (found.length >= most) break;
    }
    return found;
  }
  const timeless = (found: readonly EvaluationRecord[]) => found.map((record) => ({ ...record, seconds: 0 }));
  let once: EvaluationRecord[];
  beforeAll(async () => {
    once = await records(new Ledger(plan));
  });

  it('gives the exact verdict on every image of a linear classifier, and leaves no tensor', async () => {
    const before = tf.memory().numTensors;
    const ledger = new Ledger(plan);
    await records(ledger);
    expect(tf.memory().numTensors).toBe(before);
    expect(ledger.missing()).toEqual([]);
    const verdicts = [...ledger.verdicts()];
    const exact = Array.from({ length: 50 }, (_, image) => exactRadius(split, image, 6) > eps);
    expect(verdicts.map(({ robust }) => robust)).toEqual(exact);
    expect(exact.filter(Boolean).length).toBeGreaterThan(5);
    for (const { felled, image, predicted, label } of verdicts)
      if (felled) {
        expect(predicted).toBe(label);
        expect(felled.predicted).not.toBe(label);
        expect(felled.size).toBeLessThanOrEqual(eps + 1e-6);
        expect(felled.size).toBeGreaterThanOrEqual(exactRadius(split, image, 6) - 1e-6);
      }
    const { clean, radii, flags, images: count } = ledger.result();
    const right = verdicts.filter(({ predicted, label }) => predicted === label).length / 50;
    expect({ clean, count }).toEqual({ clean: right, count: 50 });
    expect(radii[0]?.robust).toBeCloseTo(exact.filter(Boolean).length / 50, 12);
    const falls = radii[0]?.attacks.reduce((sum, { felled }) => sum + felled, 0) ?? 0;
    expect(clean - falls / 50).toBeCloseTo(radii[0]?.robust ?? NaN, 12);
    expect(radii[0]?.attacks.map(({ id: attack }) => attack)).toEqual(['apgd-ce', 'apgd-t', 'fab-t', 'square']);
    expect(flags.map((flag) => flag.id)).toContain('changed-budget');
  });

  it('gives the same records after an interruption at any place', async () => {
    for (const most of [1, 7, 13]) {
      const first = await records(new Ledger(plan), { most });
      const ledger = new Ledger(plan);
      for (const record of first) ledger.add(record);
      expect(timeless([...first, ...(await records(ledger))])).toEqual(timeless(once));
    }
  });

  it('gives the same records in shards', async () => {
    const ledger = new Ledger(plan);
    const byPlace = (record: EvaluationRecord) => JSON.stringify(record);
    const shared: EvaluationRecord[] = [];
    for (const index of [0, 1, 2]) shared.push(...(await records(new Ledger(plan), { shard: { index, count: 3 } })));
    for (const record of shared) ledger.add(record);
    const own = (found: readonly EvaluationRecord[]) =>
      timeless(found.filter(({ kind }) => kind !== 'model'))
        .map(byPlace)
        .sort();
    expect(own(shared)).toEqual(own(once));
    expect(ledger.missing()).toEqual([]);
  });

  it('gives whole blocks the same verdicts whatever the number of images', async () => {
    const fewer = await records(new Ledger({ ...plan, images: 32 }));
    const ofBlocks = (found: readonly EvaluationRecord[]) =>
      timeless(found).filter((record) => record.kind === 'part' && record.block < 2);
    expect(ofBlocks(fewer)).toEqual(ofBlocks(once));
  });

  it('gives a batch its worst points', async () => {
    const [suite] = plan.suites;
    if (!suite) throw new Error('the plan has a suite');
    const before = tf.memory().numTensors;
    const step = suiteStep(engine, model, suite);
    const batches = attackedBatches(step, split, { images: 48, batch: 16 }, key(3, 'attack'));
    const { perImage, robust } = await robustnessOf(batches);
    step.dispose();
    expect(tf.memory().numTensors).toBe(before);
    const ledger = new Ledger({ ...plan, images: 48 });
    await records(ledger);
    const verdicts = [...ledger.verdicts()];
    expect(perImage.adversarial.correct.map((right, i) => right && perImage.clean.correct[i])).toEqual(
      verdicts.map((verdict) => verdict.robust),
    );
    expect(robust).toBeCloseTo(ledger.result().radii[0]?.robust ?? NaN, 12);
  });

  it('stops where it is told to, without a tensor left', async () => {
    const stop = new AbortController();
    const before = tf.memory().numTensors;
    const ledger = new Ledger(plan);
    const work = async () => {
      const told = { engine, model, split, shard: whole, signal: stop.signal, tell: () => stop.abort() };
      for await (const record of evaluateSuites(ledger, told)) expect(record.kind).not.toBe('part');
    };
    await expect(work).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(tf.memory().numTensors).toBe(before);
  });

  describe('flags', () => {
    const flagsOf = async (of: Classifier) => {
      const x = tf.tensor4d(split.pixels.slice(0, 16 * 16), [16, 4, 4, 1]);
      try {
        return (await modelFlags(engine, of, x)).map((flag) => flag.id);
      } finally {
        tf.dispose([x, { ...of.weights }]);
      }
    };
    const twice = (logits: Tensor2D) => tf.mul<Tensor2D>(logits, 2);
    it.each<[string, Parameters<typeof linear>[1], string[]]>([
      ['nothing in a plain model', twice, []],
      [
        'random logits',
        (z) => tf.add<Tensor2D>(z, tf.randomNormal(z.shape, 0, 0.01)),
        ['random-logits', 'batch-dependent'],
      ],
      ['a softmax', (z) => tf.softmax(z), ['probabilities']],
      ['images that influence each other', (z) => tf.sub<Tensor2D>(z, tf.mean(z, 0, true)), ['batch-dependent']],
    ])('find %s', async (_name, last, wanted) => {
      expect(await flagsOf(linear(6, last))).toEqual(wanted);
    });

    it('tell of zero gradients', async () => {
      const stepped = linear(6, (z) => tf.mul<Tensor2D>(tf.ceil(tf.mul(z, 1000)), 0.001));
      const suites = [singleSuite('fgsm', { norm: 'linf', eps }, {}, 1)];
      const ledger = new Ledger({ ...plan, images: 16, suites });
      await records(ledger, { of: stepped });
      tf.dispose({ ...stepped.weights });
      const [flag] = ledger.result().flags;
      expect(flag?.id).toBe('zero-gradients');
      expect(flag?.sentence).toMatch(/on \d+ \(100\.0 %\) and that of the DLR loss on \d+ \(100\.0 %\)/);
    });

    it.each([
      [3, ['fab-t', 'square', 'apgd-ce'], /APGD-T is left out.*at least 4/],
      [2, ['fab-t', 'square', 'apgd-ce'], /FAB-T aims at 1 wrong class/],
    ])('tell of %i classes', async (classes, attacks, sentence) => {
      const suite = smallSuite(classes, eps);
      expect(new Set(suite.parts.map(({ attack }) => attack))).toEqual(new Set(attacks));
      const few = linear(classes);
      const ledger = new Ledger({ ...plan, images: 16, suites: [suite] });
      const data = images(16, classes);
      await records(ledger, { of: few, data });
      tf.dispose({ ...few.weights });
      expect(
        ledger
          .result()
          .flags.map((flag) => flag.sentence)
          .join(' '),
      ).toMatch(sentence);
      const exact = Array.from({ length: 16 }, (_, image) => exactRadius(data, image, classes) > eps);
      expect([...ledger.verdicts()].map(({ robust }) => robust)).toEqual(exact);
    });

    it('are errors for logits that are no numbers, and for images outside [0,1]', async () => {
      const corner = (x: Tensor4D) => tf.slice2d(tf.reshape(x, [-1, 16]), [0, 0], [-1, 1]);
      // the logarithm of a negative number
      const broken = linear(6, (z, x) => tf.add<Tensor2D>(z, tf.mul(tf.log(tf.sub(0.75, corner(x))), 0)));
      const first = Array.from({ length: 50 }, (_, i) => split.pixels[i * 16] ?? 0).findIndex((value) => value > 0.75);
      await expect(records(new Ledger(plan), { of: broken })).rejects.toThrow(
        `The logits of image ${first} are not finite`,
      );
      tf.dispose({ ...broken.weights });
      const pixels = Float32Array.from(split.pixels);
      pixels[3 * 16 + 5] = 1.25;
      await expect(records(new Ledger(plan), { data: { ...split, pixels } })).rejects.toThrow(
        'Image 3 has a pixel of 1.25',
      );
    });
  });
});

it('has the budgets of the authors', () => {
  const told = (version: 'standard' | 'plus' | 'rand') =>
    versionParts(version, 'linf').map(({ attack, options }) => `${attack} ${options.steps}x${options.restarts}`);
  expect(told('standard')).toEqual(['apgd-ce 100x1', 'apgd-t 100x1', 'fab-t 100x1', 'square 5000x1']);
  expect(told('plus')).toEqual(['apgd-ce 100x5', 'apgd-dlr 100x5', 'fab 100x5', 'square 5000x1', 'apgd-t 100x1', 'fab-t 100x1']); // prettier-ignore
  expect(told('rand')).toEqual(['apgd-ce 100x1', 'apgd-dlr 100x1']);
  for (const { options } of autoattackSuite('rand', { norm: 'l2', eps: 0.5 }, { classes: 10 }).parts)
    expect(options).toMatchObject({ eot: 20, norm: 'l2', eps: 0.5, rho: 0.75 });
  for (const { attack, options } of autoattackSuite('plus', { norm: 'linf', eps }, { classes: 10 }).parts)
    if (attack.endsWith('-t')) expect(options.targets).toBe(9);
});

it.each([
  [
    [
      ['apgd-ce', 0.5],
      ['square', 0.4],
    ],
    true,
  ],
  [
    [
      ['apgd-ce', 0.5],
      ['square', 0.499],
    ],
    false,
  ],
  [
    [
      ['apgd-ce', 0.5],
      ['square', 0.4],
      ['apgd-t', 0.4],
    ],
    false,
  ],
  [[['square', 0.4]], false],
  [[['apgd-ce', 0.5]], false],
] as const)('says that Square beats gradients: %j is %s', (after, beats) => {
  const flags = squareFlags(after.map(([attack, robust]) => ({ attack, robust })));
  expect(flags.map((flag) => flag.id)).toEqual(beats ? ['square-beats-gradients'] : []);
  if (beats) expect(flags[0]?.sentence).toContain('10.0 points');
});

it('says nothing of gradients that are all there', () => {
  expect(gradientFlags({ right: 9, flatCe: 0, flatDlr: 0 })).toEqual([]);
});

it('shares blocks among shards', () => {
  const blocks = { images: 130, block: 32 };
  expect([0, 1].map((index) => shardBlocks(blocks, { index, count: 2 }))).toEqual([
    [0, 2, 4],
    [1, 3],
  ]);
});
