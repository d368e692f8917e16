/** Measurements over a split on a small net: what they agree with, that they clean up, and what they refuse. */
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attackRegistry } from '../../core/attacks/registry';
import { budgetedOptions } from '../../core/attacks/budgets';
import type { Split } from '../../core/data/dataset';
import type { Engine } from '../../core/engine/engine';
import { key } from '../../core/lib/key';
import { calibrationOf } from '../../core/metrics/calibration';
import { measureCurve } from '../../core/metrics/curve';
import { accuracyAt } from '../../core/metrics/distances';
import { measureCalibration } from '../../core/metrics/measure-calibration';
import { measureDistances } from '../../core/metrics/measure-distances';
import { measureEnergies } from '../../core/metrics/measure-energies';
import { compileRobustness, measureRobustness } from '../../core/metrics/robustness';
import { measureTransfer } from '../../core/metrics/transfer';
import * as net from '../energy/reference';
import { open, quickEngines } from '../engines';

const split: Split = { shape: net.shape, size: net.images, labels: net.labelValues, pixels: net.imageValues };
const none: Split = { ...split, size: 0, labels: new Int32Array(), pixels: new Float32Array() };
const plan = { images: 100, batch: 6, seed: 3 };

describe.each(quickEngines)('on %s', (id) => {
  let engine: Engine;
  let model: ReturnType<typeof net.net>;
  let right: Split;
  beforeAll(async () => {
    engine = await open(id);
    model = net.net();
    // labels that the net mostly gives, so that there is something to attack
    const predicted = tf.tidy(() => tf.argMax(model.logits(net.x()), 1));
    const labels = Int32Array.from(await predicted.data<'int32'>(), (label, i) =>
      i % 5 === 4 ? (label + 1) % 10 : label,
    );
    predicted.dispose();
    right = { ...split, labels };
  });
  afterAll(async () => {
    model.dispose();
    await engine.dispose();
  });

  /** Runs it, and sees that no tensor is left. */
  async function tidy<T>(measure: () => Promise<T>): Promise<T> {
    const before = tf.memory().numTensors;
    const result = await measure();
    expect(tf.memory().numTensors).toBe(before);
    return result;
  }

  it('calibration is that of the logits, in batches that do not divide the split', async () => {
    const told: number[] = [];
    const found = await tidy(() =>
      measureCalibration(engine, model, right, { ...plan, tell: (done) => told.push(done) }),
    );
    const logits = tf.tidy(() => model.logits(net.x()));
    const expected = calibrationOf({
      logits: (await logits.data<'float32'>()).slice(),
      labels: right.labels,
      classes: 10,
    });
    logits.dispose();
    expect(found.images).toBe(16);
    for (const name of ['accuracy', 'confidence', 'ece10', 'ece15', 'adaptiveEce', 'brier', 'nll'] as const)
      expect(found[name]).toBeCloseTo(expected[name], 5);
    expect(found.scaling?.after.images).toBe(8);
    expect(told).toEqual([6 / 16, 12 / 16, 1]);
  });

  it('a curve is accuracy as each attack gives it, and the worst case never rises', async () => {
    const eps = [0.2, 0.05, 0.05, 0, 0.1];
    const attacks = [{ attack: 'fgsm' }, { attack: 'pgd', given: { steps: 3 } }];
    const curve = await tidy(() => measureCurve(engine, model, right, { ...plan, attacks, norm: 'linf', eps }));
    expect(curve.eps).toEqual([0.05, 0.1, 0.2]);
    const attack = attackRegistry.get('pgd');
    const options = budgetedOptions(attack, { steps: 3, norm: 'linf', eps: 0.1 }, 3);
    const step = compileRobustness(engine, model, { attack, options });
    const alone = await measureRobustness(step, right, plan, key(3, 'attack'));
    step.dispose();
    expect(curve.clean).toBe(alone.clean);
    expect(curve.attacks[1]?.accuracy[1]).toBe(alone.robust);
    const [fgsm, pgd] = curve.attacks;
    curve.worst.forEach((worst, k) => {
      expect(worst).toBeLessThanOrEqual(Math.min(fgsm?.accuracy[k] ?? 0, pgd?.accuracy[k] ?? 0));
      expect(worst).toBeLessThanOrEqual(curve.worst[k - 1] ?? curve.clean);
    });
    expect(curve.worst[2]).toBeLessThan(curve.clean);
  });

  it.each(['pgd', 'apgd-ce'])('transfer of %s has each model’s own attack on its diagonal', async (attack) => {
    const other = net.net((input) => tf.tanh(input));
    const given = { steps: 4, eps: 0.1 };
    const models = [
      { name: 'a', classifier: model },
      { name: 'b', classifier: other },
    ];
    const found = await tidy(() => measureTransfer(engine, models, right, { ...plan, attack, given }));
    const entry = attackRegistry.get(attack);
    for (const [i, { classifier }] of models.entries()) {
      const options = budgetedOptions(entry, given, 3);
      const step = compileRobustness(engine, classifier, { attack: entry, options });
      const alone = await measureRobustness(step, right, plan, key(3, 'attack'));
      step.dispose();
      expect(found.clean[i]).toBe(alone.clean);
      expect(found.accuracy[i]?.[i]).toBe(alone.robust);
      expect(found.accuracy[i]?.[1 - i]).toBeLessThanOrEqual(found.clean[1 - i] ?? 0);
    }
    expect(found.accuracy[0]?.[0]).toBeLessThan(found.clean[0] ?? 0);
    other.dispose();
  });

  it('smallest distances say what the attack leaves standing at a radius', async () => {
    const given = { steps: 8 };
    const measured = { ...plan, batch: 16, attack: 'fab', given };
    const { distances, wrong } = await tidy(() => measureDistances(engine, model, right, measured));
    expect(wrong).toBe(3);
    const attack = attackRegistry.get('fab');
    for (const eps of [0.01, 0.03]) {
      const step = compileRobustness(engine, model, { attack, options: budgetedOptions(attack, { ...given, eps }, 3) });
      const { robust } = await measureRobustness(step, right, { images: 100, batch: 16 }, key(3, 'attack'));
      step.dispose();
      expect(accuracyAt(distances, [eps])[0]).toBeCloseTo(robust, 9);
    }
    expect(Math.min(...distances.filter((distance) => distance > 0))).toBeLessThan(0.1);
  });

  it('energies are measured under each attack, and facts without one are not', async () => {
    const facts = ['pgd', 'apgd-ce'] as const;
    const given = { pgd: { steps: 3 }, 'apgd-ce': { steps: 3 } };
    const found = await tidy(() => measureEnergies(engine, model, right, { ...plan, facts, given, eps: 0.05 }));
    expect(found.attacks.map(({ id, options }) => [id, options.eps])).toEqual([
      ['pgd', 0.05],
      ['apgd-ce', 0.05],
    ]);
    const [pgd] = found.attacks;
    expect(found.perImage.pgd?.clean.joint).toHaveLength(16);
    // CE = E(x,y) - E(x) is what PGD climbs
    expect(pgd?.joint.change).toBeGreaterThan(pgd?.marginal.change ?? Infinity);
    expect(found.facts.map(({ id, verdict }) => [id, verdict === 'not measured'])).toEqual([
      ['pgd', false],
      ['trades-kl', true],
      ['apgd-ce', false],
      ['apgd-t', true],
      ['cw', true],
    ]);
  });

  it('an empty split, an attack that fits nothing and models of other images are refused in a sentence', async () => {
    const sentence = 'There is no image to measure.';
    const curve = { ...plan, attacks: [{ attack: 'fgsm' }], norm: 'linf', eps: [0.1] } as const;
    const pgd = { ...plan, attack: 'pgd', given: {} };
    const models = [{ name: 'a', classifier: model }];
    await expect(measureCalibration(engine, model, none, plan)).rejects.toThrow(sentence);
    await expect(measureCurve(engine, model, none, curve)).rejects.toThrow(sentence);
    await expect(measureTransfer(engine, models, none, pgd)).rejects.toThrow(sentence);
    await expect(measureCurve(engine, model, right, { ...curve, eps: [] })).rejects.toThrow('a radius above 0');
    await expect(measureDistances(engine, model, right, pgd)).rejects.toThrow(
      "'pgd' does not look for the smallest perturbation.",
    );
    const small = [{ name: 'b', classifier: { ...model, classes: 2 } }];
    await expect(measureTransfer(engine, [...models, ...small], right, pgd)).rejects.toThrow(
      "'b' takes 6x6x3 images of 2 classes; the images are 6x6x3 of 10.",
    );
    await expect(measureTransfer(engine, models, right, { ...pgd, given: { targeted: true } })).rejects.toThrow(
      'untargeted',
    );
  });

  it('stops when it is told to, and leaves nothing behind', async () => {
    const stop = new AbortController();
    stop.abort();
    const stopped = { ...plan, signal: stop.signal };
    const cancelled = { code: 'CANCELLED' };
    const before = tf.memory().numTensors;
    await expect(measureCalibration(engine, model, right, stopped)).rejects.toMatchObject(cancelled);
    const models = [{ name: 'a', classifier: model }];
    const pgd = { ...stopped, attack: 'pgd', given: {} };
    await expect(measureTransfer(engine, models, right, pgd)).rejects.toMatchObject(cancelled);
    const fab = { ...stopped, attack: 'fab', given: {} };
    await expect(measureDistances(engine, model, right, fab)).rejects.toMatchObject(cancelled);
    expect(tf.memory().numTensors).toBe(before);
  });
});
