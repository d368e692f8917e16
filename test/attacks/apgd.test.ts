/** APGD against the authors' code, step by step from a fixed start (test/fixtures/attacks/make_apgd.py), and what only APGD must hold. */
import * as tf from '@tensorflow/tfjs-core';
import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apgdCe, apgdDlr, apgdT } from '../../core/attacks/apgd';
import { l1Schedule } from '../../core/attacks/apgd-l1';
import { look } from '../../core/attacks/apgd-look';
import { checkpoints } from '../../core/attacks/apgd-walk';
import { attacker } from '../../core/attacks/attacker';
import { scalars } from '../../core/attacks/walk';
import type { Engine } from '../../core/engine/engine';
import { key } from '../../core/lib/key';
import { resolve } from '../../core/lib/options';
import * as net from '../energy/reference';
import { testEngines } from '../engines';
import { closeSetting, openSetting } from './setting';

const rows = v.array(v.array(v.number()));
const reference = v.parse(
  v.object({
    steps: v.number(),
    cases: v.array(
      v.object({
        norm: v.picklist(['linf', 'l2', 'l1']),
        eps: v.number(),
        loss: v.picklist(['ce', 'dlr', 'targeted']),
        wide: v.boolean(),
        sizes: rows,
        best: rows,
        fallen: v.string(),
      }),
    ),
  }),
  JSON.parse(readFileSync(new URL('../fixtures/attacks/apgd.json', import.meta.url), 'utf8')),
);
const entries = { ce: apgdCe, dlr: apgdDlr, targeted: apgdT };
/** The fixture aims at the third likeliest class. */
const rounds = { ce: 0, dlr: 0, targeted: 1 };
const far = (found: ArrayLike<number>, expected: readonly number[], compared: (i: number) => boolean) =>
  Math.max(...expected.map((value, i) => (compared(i) ? Math.abs(value - (found[i] ?? NaN)) : 0)));

describe('checkpoints', () => {
  it('lie where the paper has them', () => {
    expect([...checkpoints(100)]).toEqual([
      [21, 22],
      [40, 19],
      [56, 16],
      [69, 13],
      [79, 10],
      [86, 7],
      [92, 6],
      [98, 6],
    ]);
    expect([...checkpoints(1)]).toEqual([[0, 1]]);
  });
  it('come every 4 % of the steps in l1', () => {
    const checked = l1Schedule({ eps: 12, steps: 100, wideStart: false }).flatMap(({ check }, k) => (check ? [k] : []));
    expect(checked).toEqual(Array.from({ length: 25 }, (_, i) => 4 * i + 3));
  });
});

it('a wide start in l1 has the radii of the paper, each entered by a step of its own', () => {
  const schedule = l1Schedule({ eps: 12, steps: 100, wideStart: true });
  const radii = schedule.map(({ radius }) => radius);
  const times = (radius: number) => radii.filter((each) => each === radius).length;
  expect([times(36), times(24), times(12)]).toEqual([30, 31, 41]);
  expect(schedule.flatMap(({ enters }, k) => (enters ? [k] : []))).toEqual([30, 61]);
  expect(radii).toEqual([...radii].sort((a, b) => b - a));
});

describe.each(testEngines)('APGD on %s', (id) => {
  let engine: Engine;
  let model: ReturnType<typeof net.net>;
  let x: tf.Tensor4D;
  let y: tf.Tensor1D;
  beforeAll(async () => {
    ({ engine, model, x, y } = await openSetting(id));
  });
  afterAll(() => closeSetting({ engine, model, x, y }));

  it.each(reference.cases)('on $loss in $norm (wide start: $wide) takes the steps of its authors', async (each) => {
    const entry = entries[each.loss];
    const options = resolve(
      apgdT.options,
      { norm: each.norm, eps: each.eps, steps: reference.steps, wideStart: each.wide },
      entry.id,
    );
    const walk = entry.walk(options, model);
    const round = tf.scalar(rounds[each.loss], 'int32');
    // the ratio is constant where the label is third: rounding decides there which step raises it
    const compared = (i: number) => each.loss !== 'dlr' || each.fallen[i] === '0';
    let state = tf.tidy(() => walk.start(model, x, y, round, net.given(0)));
    for (let k = 0; k < each.sizes.length; k++) {
      const numbers = scalars(walk.numbers(k));
      const next = tf.tidy(() => walk.step(model, state, numbers, net.given(0)));
      const { size, bestLoss } = next;
      expect(far((await size?.data()) ?? [], each.sizes[k] ?? [], compared), `size at step ${k}`).toBeLessThan(1e-6);
      expect(far((await bestLoss?.data()) ?? [], each.best[k] ?? [], compared), `loss at step ${k}`).toBeLessThan(1e-4);
      const kept = new Set(Object.values(next));
      tf.dispose([Object.values(state).filter((tensor) => !kept.has(tensor)), numbers]);
      state = next;
    }
    tf.dispose([state, round]);
  });

  it('aims at the likeliest wrong classes in turn', async () => {
    const options = resolve(apgdT.options, { steps: 1, restarts: 2, targets: 3 }, 'apgd-t');
    const walk = apgdT.walk(options, model);
    expect(walk.rounds).toBe(6);
    const ranked = tf.tidy(() => tf.topk(model.logits(x), 10).indices);
    const order = (await ranked.array()) as number[][];
    for (const [round, rank] of [
      [0, 1],
      [1, 1],
      [2, 2],
      [5, 3],
    ] as const) {
      const state = tf.tidy(() => walk.start(model, x, y, tf.scalar(round, 'int32'), net.given(0)));
      expect([...((await state.aim?.data()) ?? [])]).toEqual(order.map((row) => row[rank]));
      tf.dispose(state);
    }
    ranked.dispose();
  });

  it.each([
    { norm: 'linf', eps: 0.01 },
    { norm: 'l1', eps: 0.25, wideStart: true },
  ])('fells the same images whether packed and compiled or whole: $norm', async (ball) => {
    const options = resolve(apgdCe.options, { ...ball, steps: 30 }, 'apgd-ce');
    const before = tf.memory().numTensors;
    const whole = apgdCe.run(model, x, y, options, engine.random(key(3, 'test')));
    const packed = attacker(engine, model, apgdCe.walk(options, model), { calls: 4 });
    const reached = await packed.attack(x, y, key(3, 'test'));
    packed.dispose();
    const verdicts = async (at: tf.Tensor4D) => {
      const wrong = tf.tidy(() => tf.notEqual(tf.argMax(model.logits(at), 1), y));
      const flags = [...(await wrong.data())].map(Number).join('');
      tf.dispose([wrong, at]);
      return flags;
    };
    const [expected, found] = [await verdicts(whole), await verdicts(reached)];
    expect(found).toBe(expected);
    expect(expected).toMatch(/0/);
    expect(expected).toMatch(/1/);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('averages the gradients of a model that is random, and judges by its first answer', async () => {
    let passes = 0;
    const moods = [1, -2, 4];
    const random = {
      ...model,
      logits: (at: tf.Tensor4D) => tf.tidy(() => tf.mul<tf.Tensor2D>(model.logits(at), moods[passes++ % 3] ?? 1)),
    };
    const loss = () => (logits: tf.Tensor2D) => tf.sum<tf.Tensor1D>(logits, 1);
    const seen = (eot: number, at: typeof model) => tf.tidy(() => ({ ...look({ loss, eot }, at, x, y, y) }));
    const [once, thrice] = [seen(1, model), seen(3, random)];
    expect(passes).toBe(3);
    const [one, mean] = [await once.gradient.data(), await thrice.gradient.data()];
    // (1 - 2 + 4) / 3 of it
    expect(mean.every((value, i) => Math.abs(value - (one[i] ?? NaN)) < 1e-5)).toBe(true);
    expect(await thrice.value.data()).toEqual(await once.value.data());
    expect([...(await thrice.wrong.data())]).toEqual([...(await once.wrong.data())]);
    tf.dispose([once, thrice]);
  });

  it('refuses a model with too few classes', () => {
    const few = { classes: 3, inputShape: net.shape };
    expect(() => apgdT.walk(resolve(apgdT.options, {}, 'apgd-t'), few)).toThrow(
      'APGD-T needs at least 4 classes; this model has 3.',
    );
    expect(() => apgdDlr.walk(resolve(apgdDlr.options, {}, 'apgd-dlr'), { ...few, classes: 2 })).toThrow(
      'APGD-DLR needs at least 3 classes; this model has 2.',
    );
  });
});
