/** What models make of images: a split batch by batch as measureRobustness has it, single images, attacks; cancel, reconnect, and misfits. */
import * as tf from '@tensorflow/tfjs-core';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attackRegistry } from '../../core/attacks/registry';
import { budgetedOptions } from '../../core/attacks/budgets';
import type { ScoreBatch } from '../../core/contract/areas/datasets';
import type { HandlerContext } from '../../core/contract/contract';
import type { Engine } from '../../core/engine/engine';
import { engineDesk } from '../../core/host/engine/desk';
import { scoreHandlers } from '../../core/host/engine/scores';
import { datasetDesk, imageAt } from '../../core/host/library/desk';
import { key } from '../../core/lib/key';
import { compileRobustness, measureRobustness } from '../../core/metrics/robustness';
import { open, quickEngines } from '../engines';

const model = 'fashion/jeat';
const dataset = 'fashion-mnist-mini';
const context: HandlerContext = { signal: new AbortController().signal, after: -1 };
const split = { model, dataset, side: 'test' as const, limit: 150, seed: 3 };
/** More than one batch on any engine. */
const many = { limit: 300 };

describe.each(quickEngines)('scores on %s', (id) => {
  let folder: string;
  let engine: Engine;
  let desk: ReturnType<typeof engineDesk>;
  let handlers: ReturnType<typeof scoreHandlers>;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'lowland-scores-'));
    engine = await open(id);
    desk = engineDesk(datasetDesk(folder), async () => engine);
    handlers = scoreHandlers(desk);
    await desk.withModel(model, async () => undefined);
  });
  afterAll(async () => {
    await engine.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  const scores = async (changes: object = {}, using = context) => {
    const batches: ScoreBatch[] = [];
    for await (const batch of handlers['datasets.scores']({ ...split, ...changes }, using)) batches.push(batch);
    return batches;
  };
  const joined = (batches: readonly ScoreBatch[], row: (batch: ScoreBatch) => ArrayLike<number> | undefined) =>
    batches.flatMap((batch) => Array.from(row(batch) ?? []));
  const image = async (index: number) => imageAt((await desk.dataset(dataset)).test, index);

  it('of a split are those of the evaluation, and leave no tensor', async () => {
    const before = tf.memory().numTensors;
    const attack = { attack: 'fgsm', options: {} };
    const batches = await scores({ attack });
    expect(tf.memory().numTensors).toBe(before);
    expect(batches[0]).toMatchObject({ from: 0, total: 150 });
    const entry = attackRegistry.get('fgsm');
    const measured = await desk.withModel(model, async ({ classifier }, active) => {
      const step = compileRobustness(active, classifier, { attack: entry, options: budgetedOptions(entry, {}, 1) });
      const { test } = await desk.dataset(dataset);
      return measureRobustness(step, test, { images: 150, batch: 50 }, key(3, 'any')).finally(() => step.dispose());
    });
    const { clean, adversarial } = measured.perImage;
    expect(joined(batches, ({ predicted }) => predicted)).toEqual(clean.predicted);
    const near = (values: number[], wanted: number[]) => {
      expect(values).toHaveLength(150);
      values.forEach((value, i) => expect(value).toBeCloseTo(wanted[i] ?? NaN, 3));
    };
    near(
      joined(batches, ({ marginal }) => marginal),
      clean.marginal,
    );
    near(
      joined(batches, ({ joint }) => joint),
      clean.joint,
    );
    near(
      joined(batches, ({ crossEntropy }) => crossEntropy),
      clean.crossEntropy,
    );
    expect(joined(batches, ({ robust }) => robust)).toEqual(
      clean.correct.map((right, i) => Number(right && adversarial.correct[i])),
    );
  });

  it('go on after the batches that a reader has', async () => {
    const all = await scores(many);
    expect(all.length).toBeGreaterThan(1);
    expect(await scores(many, { ...context, after: 0 })).toEqual(all.slice(1));
  });

  it('stop with the signal, and leave no tensor', async () => {
    const before = tf.memory().numTensors;
    const stop = new AbortController();
    const read = async () => {
      for await (const { from } of handlers['datasets.scores'](
        { ...split, ...many },
        { signal: stop.signal, after: -1 },
      )) {
        expect(from).toBe(0);
        stop.abort();
      }
    };
    await expect(read()).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(tf.memory().numTensors).toBe(before);
  });

  it('of a dataset that does not fit are refused', async () => {
    await expect(scores({ dataset: 'toy-moons' })).rejects.toMatchObject({
      code: 'BAD_DATA',
      message: expect.stringContaining('28x28x1'),
    });
  });

  it('refuse a targeted attack and an unknown one', async () => {
    const targeted = { attack: 'pgd', options: { targeted: true } };
    await expect(scores({ attack: targeted })).rejects.toMatchObject({ code: 'BAD_OPTION' });
    await expect(scores({ attack: { attack: 'pdg', options: {} } })).rejects.toMatchObject({
      hint: "Did you mean 'pgd'?",
    });
  });

  it('of single images are the same for 8-bit and real pixels', async () => {
    const before = tf.memory().numTensors;
    const values = new Float32Array([...(await image(0)), ...(await image(1))]);
    const bytes = Uint8Array.from(values, (value) => Math.round(255 * value));
    const [judged] = await handlers['models.judge']({ models: [model], images: values }, context);
    const [again] = await handlers['models.judge']({ models: [model], images: bytes }, context);
    expect(tf.memory().numTensors).toBe(before);
    expect(judged?.classes).toHaveLength(10);
    expect(judged?.logits).toHaveLength(20);
    judged?.logits.forEach((value, i) => expect(again?.logits[i]).toBeCloseTo(value, 4));
    const [first] = await scores();
    const logSumExp = Math.log(
      Array.from(judged?.logits.subarray(0, 10) ?? []).reduce((sum, z) => sum + Math.exp(z), 0),
    );
    expect(first?.marginal[0]).toBeCloseTo(-logSumExp, 3);
  });

  it('of pixels that are no images are refused', async () => {
    const wrong = (images: Uint8Array<ArrayBuffer>) => handlers['models.judge']({ models: [model], images }, context);
    await expect(wrong(new Uint8Array(100))).rejects.toMatchObject({ code: 'BAD_DATA' });
    await expect(wrong(new Uint8Array(257 * 784))).rejects.toMatchObject({ code: 'BAD_OPTION' });
  });

  it('under attack keep to the customary ball, which is told', async () => {
    const before = tf.memory().numTensors;
    const wanted = {
      model,
      subject: { dataset, side: 'test' as const, index: 4 },
      attack: 'pgd',
      options: {},
      seed: 1,
    };
    const preview = await handlers['models.attack'](wanted, context);
    expect(tf.memory().numTensors).toBe(before);
    expect(preview.options).toMatchObject({ norm: 'linf', eps: 0.1 });
    expect(preview.clean).toEqual(await image(4));
    const largest = preview.adversarial.reduce(
      (most, value, i) => Math.max(most, Math.abs(value - (preview.clean[i] ?? 0))),
      0,
    );
    expect(largest).toBeGreaterThan(0.05);
    expect(preview.linf).toBeCloseTo(largest, 5);
    expect(largest).toBeLessThanOrEqual(0.1 + 1e-6);
    expect(preview.adversarialLogits).not.toEqual(preview.cleanLogits);
    expect(await handlers['models.attack'](wanted, context)).toEqual(preview);
  });

  it('under a targeted attack need a class, and lean to it', async () => {
    const subject = { dataset, side: 'test' as const, index: 4 };
    const wanted = { model, subject, attack: 'pgd', options: { targeted: true, eps: 0.3 }, seed: 1 };
    await expect(handlers['models.attack'](wanted, context)).rejects.toMatchObject({ code: 'BAD_OPTION' });
    const target = 8;
    const { cleanLogits, adversarialLogits } = await handlers['models.attack']({ ...wanted, target }, context);
    const loss = (logits: Float32Array) =>
      Math.log(logits.reduce((sum, z) => sum + Math.exp(z), 0)) - (logits[target] ?? 0);
    expect(loss(adversarialLogits)).toBeLessThan(loss(cleanLogits));
  });

  it('under attack with an image of another size are refused', async () => {
    const subject = { pixels: new Uint8Array(12), label: 0 };
    await expect(
      handlers['models.attack']({ model, subject, attack: 'fgsm', options: {}, seed: 1 }, context),
    ).rejects.toMatchObject({ code: 'BAD_DATA' });
  });
});
