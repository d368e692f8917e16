/** Attacks for small perturbations against foolbox and torchattacks (test/fixtures/attacks/make_minimal.py): sizes, image by image. */
import * as tf from '@tensorflow/tfjs-core';
import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attackRegistry } from '../../core/attacks/registry';
import { scalars } from '../../core/attacks/walk';
import type { Engine } from '../../core/engine/engine';
import { key } from '../../core/lib/key';
import { resolve } from '../../core/lib/options';
import { isMinimal } from '../../core/metrics/measure-distances';
import * as net from '../energy/reference';
import { testEngines } from '../engines';
import { closeSetting, openSetting } from './setting';

const { cases } = v.parse(
  v.object({
    cases: v.array(
      v.object({
        attack: v.string(),
        norm: v.string(),
        set: v.record(v.string(), v.number()),
        sizes: v.array(v.number()),
      }),
    ),
  }),
  JSON.parse(readFileSync(new URL('../fixtures/attacks/minimal.json', import.meta.url), 'utf8')),
);

describe.each(testEngines)('smallest perturbations on %s', (id) => {
  let engine: Engine;
  let model: ReturnType<typeof net.net>;
  let x: tf.Tensor4D;
  let y: tf.Tensor1D;
  beforeAll(async () => {
    ({ engine, model, x, y } = await openSetting(id));
  });
  afterAll(() => closeSetting({ engine, model, x, y }));

  it.each(cases)('$attack in $norm finds what its reference finds', { timeout: 120_000 }, async (each) => {
    const entry = attackRegistry.get(each.attack);
    const options = resolve(entry.options, { norm: each.norm, eps: 10, ...each.set }, each.attack);
    const walk = entry.walk?.(options, model);
    if (!walk || !isMinimal(walk)) throw new Error(`${each.attack} looks for no smallest perturbation`);
    const random = engine.random(key(1, 'unused'));
    let state = tf.tidy(() => walk.start(model, x, y, tf.scalar(0, 'int32'), random));
    for (let k = 0; k < walk.steps; k++) {
      const numbers = scalars(walk.numbers(k));
      const next = tf.tidy(() => walk.step(model, state, numbers, random));
      const kept = new Set(Object.values(next));
      tf.dispose([Object.values(state).filter((tensor) => !kept.has(tensor)), numbers]);
      state = next;
    }
    const found = tf.tidy(() => tf.clone(walk.found(state).sizes));
    const sizes = await found.data();
    tf.dispose([state, found]);
    // rounding decides which of two planes that are as near is the nearest
    const tolerance = each.attack === 'fab' ? 0.02 : 1e-3;
    each.sizes.forEach((expected, i) =>
      expect(Math.abs((sizes[i] ?? NaN) - expected) / expected, `image ${i}`).toBeLessThan(tolerance),
    );
  });
});
