/** FAB and FAB-T against the authors' code, step by step (test/fixtures/attacks/make_fab.py), from the image and from a given start. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fab, fabT } from '../../core/attacks/fab';
import type { MinimalWalk } from '../../core/attacks/minimal';
import { scalars } from '../../core/attacks/walk';
import type { Engine } from '../../core/engine/engine';
import { resolve } from '../../core/lib/options';
import { isMinimal } from '../../core/metrics/measure-distances';
import * as net from '../energy/reference';
import { testEngines } from '../engines';
import { closeSetting, openSetting } from './setting';

const rows = v.array(v.array(v.number()));
const { cases } = v.parse(
  v.object({
    cases: v.array(
      v.object({
        norm: v.picklist(['linf', 'l2', 'l1']),
        eps: v.number(),
        targeted: v.boolean(),
        jump: v.boolean(),
        clear: v.array(v.number()),
        at: rows,
        best: rows,
      }),
    ),
  }),
  JSON.parse(readFileSync(new URL('../fixtures/attacks/fab.json', import.meta.url), 'utf8')),
);

/** Smallest distances are 0 in the fixture, and 1e10 here, where nothing is found yet. */
const found = (size: number) => (size < 1e9 ? size : 0);
const far = (values: ArrayLike<number>, expected: readonly number[] = [], compared: (i: number) => boolean) =>
  Math.max(...expected.map((value, i) => (compared(i) ? Math.abs(value - (values[i] ?? NaN)) : 0)));

describe.each(testEngines)('FAB on %s', (id) => {
  let engine: Engine;
  let model: ReturnType<typeof net.net>;
  let x: Tensor4D;
  let y: Tensor1D;
  beforeAll(async () => {
    ({ engine, model, x, y } = await openSetting(id));
  });
  afterAll(() => closeSetting({ engine, model, x, y }));

  const walkOf = ({ norm, eps, targeted }: (typeof cases)[number]): MinimalWalk => {
    const entry = targeted ? fabT : fab;
    const walk = entry.walk(resolve(fabT.options, { norm, eps, restarts: 2 }, entry.id), model);
    if (!isMinimal(walk)) throw new Error(`${entry.id} keeps no smallest perturbation`);
    return walk;
  };
  /** Where it is, seen from the image along a direction of the hash's. */
  const seen = (at: Tensor4D) =>
    tf.tidy(() => tf.sum<Tensor1D>(tf.mul(tf.sub(at, x), tf.tensor(net.noise(1), x.shape)), [1, 2, 3]));

  it.each(cases)(
    'takes the steps of its authors in $norm (targeted: $targeted, from a random start: $jump)',
    { timeout: 60_000 },
    async (each) => {
      const walk = walkOf(each);
      // the fixture aims at the third likeliest class; second restarts jump
      const round = tf.scalar((each.targeted ? 2 : 0) + (each.jump ? 1 : 0), 'int32');
      // from a step onto the boundary on, rounding decides where an image goes
      const clear = each.clear.reduce((sum, steps) => sum + steps, 0);
      expect(clear / (net.images * each.at.length)).toBeGreaterThan(0.75);
      let state = tf.tidy(() => walk.start(model, x, y, round, net.given(0)));
      for (let k = 0; k < each.at.length; k++) {
        const numbers = scalars(walk.numbers(k));
        const next = tf.tidy(() => walk.step(model, state, numbers, net.given(0)));
        const kept = new Set(Object.values(next));
        tf.dispose([Object.values(state).filter((tensor) => !kept.has(tensor)), numbers]);
        state = next;
        const [at, best] = tf.tidy(() => [seen(walk.at(state)), tf.clone(walk.found(state).sizes)]);
        const compared = (i: number) => k < (each.clear[i] ?? 0);
        expect(far(await at.data(), each.at[k], compared), `place after step ${k}`).toBeLessThan(1e-4);
        const sizes = Array.from(await best.data(), found);
        expect(far(sizes, each.best[k], compared), `distance after step ${k}`).toBeLessThan(1e-4);
        tf.dispose([at, best]);
      }
      tf.dispose([state, round]);
    },
  );
});
