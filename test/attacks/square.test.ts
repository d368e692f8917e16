/** Square against the authors' code, query by query with fixed draws (test/fixtures/attacks/make_square.py), and what only it must hold. */
import * as tf from '@tensorflow/tfjs-core';
import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { perturbationSize } from '../../core/attacks/perturb';
import { square, windowShare } from '../../core/attacks/square';
import { bumps } from '../../core/attacks/square-bumps';
import { bumpsL1 } from '../../core/attacks/square-l1';
import { bumpsL2 } from '../../core/attacks/square-l2';
import { window } from '../../core/attacks/square-window';
import { scalars } from '../../core/attacks/walk';
import type { Engine, Random } from '../../core/engine/engine';
import { key } from '../../core/lib/key';
import { resolve } from '../../core/lib/options';
import * as net from '../energy/reference';
import { testEngines } from '../engines';
import { closeSetting, openSetting } from './setting';

const reference = v.parse(
  v.object({
    queries: v.number(),
    every: v.number(),
    cases: v.array(
      v.object({
        norm: v.picklist(['linf', 'l2', 'l1']),
        eps: v.number(),
        margins: v.array(v.array(v.number())),
      }),
    ),
  }),
  JSON.parse(readFileSync(new URL('../fixtures/attacks/square.json', import.meta.url), 'utf8')),
);

const draws = ['window', 'cleared', 'turn', 'signs'];
/** The hash's numbers from this salt on, a salt for each kind of draw; tiles of the start have ten each. */
const drawn = (base: number, across: number, kind = draws.indexOf('signs')): Random => ({
  uniform: (size, low = 0, high = 1) =>
    tf.tensor(
      net
        .uniform(
          base + kind,
          size.reduce((a, b) => a * b),
        )
        .map((u) => low + (high - low) * u),
      [...size],
    ),
  normal: () => {
    throw new Error('Square draws no normals');
  },
  later: () => {
    throw new Error('a step of Square is a call');
  },
  fork: (stream) => {
    const [i, j] = String(stream).split('/').map(Number);
    return j === undefined
      ? drawn(base, across, draws.indexOf(String(stream)))
      : drawn(base + 10 * ((i ?? 0) * across + j), across);
  },
});

it.each([
  [0, 0.8],
  [10, 0.8],
  [11, 0.4],
  [51, 0.2],
  [201, 0.1],
  [501, 0.05],
  [1001, 0.025],
  [2001, 0.0125],
  [4001, 0.00625],
  [4999, 0.00625],
])('at query %i windows cover %f of the image', (k, share) => {
  expect(windowShare(k, 0.8)).toBeCloseTo(share, 12);
});

it.each([
  ['linf', 0, 29],
  ['linf', 4999, 3],
  ['l2', 0, 29],
  ['l2', 4999, 3],
  ['l2', 20, 21],
  ['l1', 20, 21],
] as const)('in %s the window of query %i of a CIFAR image is %i wide', (norm, k, side) => {
  const walk = square.walk(resolve(square.options, { norm }, 'square'), { classes: 10, inputShape: [32, 32, 3] });
  expect(walk.numbers(k)).toEqual({ side });
});

const sizes = {
  l2: (values: readonly number[]) => Math.hypot(...values),
  l1: (values: readonly number[]) => values.reduce((sum, value) => sum + Math.abs(value), 0),
};

/** The paper's eta, box by box; in l1 the authors' steeper one. */
function pattern(side: number, norm: 'l2' | 'l1'): number[][] {
  const power = norm === 'l2' ? 2 : 4;
  const rectangle = (rows: number) => {
    const [middle, half] = [Math.floor(rows / 2), Math.floor(side / 2)];
    const values = Array.from({ length: rows }, (_, r) =>
      Array.from({ length: side }, (_, c) => {
        let sum = 0;
        for (let m = 0; m < Math.max(middle, half) + 1; m++)
          if (Math.abs(r - middle) <= m && Math.abs(c - half) <= m) sum += 1 / (m + 1) ** power;
        return sum;
      }),
    );
    const size = sizes[norm](values.flat());
    return values.map((row) => row.map((value) => value / size));
  };
  const half = Math.floor(side / 2);
  const all = [...rectangle(half), ...rectangle(side - half).map((row) => row.map((value) => -value))];
  const size = sizes[norm](all.flat());
  return all.map((row) => row.map((value) => value / size));
}

describe.each(testEngines)('Square on %s', (id) => {
  let engine: Engine;
  let model: ReturnType<typeof net.net>;
  let x: tf.Tensor4D;
  let y: tf.Tensor1D;
  beforeAll(async () => {
    ({ engine, model, x, y } = await openSetting(id));
  });
  afterAll(() => closeSetting({ engine, model, x, y }));

  it.each([
    ['l2', 3],
    ['l2', 4],
    ['l2', 7],
    ['l1', 3],
    ['l1', 7],
  ] as const)('in %s has the pattern of the authors, lying or standing, in a window %i wide', async (norm, side) => {
    const expected = pattern(side, norm);
    const turned = new Set<boolean>();
    for (let seed = 0; seed < 12; seed++) {
      const found = tf.tidy(() => {
        const at = window(9, 10, tf.scalar(side), tf.scalar(1), tf.scalar(2));
        const bump = bumps(at, tf.scalar(side), { l2: bumpsL2, l1: bumpsL1 }[norm], engine.random(key(seed, 'turn')));
        return tf.reshape(bump, [9, 10]);
      });
      const values = (await found.array()) as number[][];
      found.dispose();
      const at = (r: number, c: number) => (r >= 0 && c >= 0 && r < side && c < side ? (expected[r]?.[c] ?? 0) : 0);
      const differs = (swap: boolean) =>
        Math.max(
          ...values.flatMap((line, r) =>
            line.map((value, c) => Math.abs(value - (swap ? at(c - 2, r - 1) : at(r - 1, c - 2)))),
          ),
        );
      const standing = differs(true) < 1e-6;
      expect(standing || differs(false) < 1e-6).toBe(true);
      turned.add(standing);
    }
    expect(turned.size).toBe(2);
  });

  it.each(reference.cases)(
    'in $norm has the margins of its authors after every query',
    async ({ norm, eps, margins }) => {
      const walk = square.walk(resolve(square.options, { norm, eps }, 'square'), model);
      const round = tf.scalar(0, 'int32');
      let state = tf.tidy(() => walk.start(model, x, y, round, drawn(100_000, net.shape[1])));
      for (let k = 0; k < reference.queries; k++) {
        if (k % reference.every === 0) {
          const [found, expected] = [(await state.margin?.data()) ?? [], margins[k / reference.every] ?? []];
          const far = expected.map((value, i) => Math.abs(value - (found[i] ?? NaN)));
          expect(Math.max(...far), `before query ${k}`).toBeLessThan(1e-4);
        }
        const numbers = scalars(walk.numbers(k));
        const next = tf.tidy(() => walk.step(model, state, numbers, drawn(10 * k, net.shape[1])));
        const kept = new Set(Object.values(next));
        tf.dispose([Object.values(state).filter((tensor) => !kept.has(tensor)), numbers]);
        state = next;
      }
      tf.dispose([state, round]);
    },
  );

  it.each(['linf', 'l2', 'l1'] as const)('never lets the margin rise, nor leaves the ball of %s', async (norm) => {
    const eps = { linf: 0.02, l2: 0.2, l1: 1 }[norm];
    const walk = square.walk(resolve(square.options, { norm, eps }, 'square'), model);
    const round = tf.scalar(0, 'int32');
    let state = tf.tidy(() => walk.start(model, x, y, round, engine.random(key(1, 'start'))));
    let before = [...((await state.margin?.data()) ?? [])];
    const first = before;
    for (let k = 0; k < 40; k++) {
      const numbers = scalars(walk.numbers(k));
      const next = tf.tidy(() => walk.step(model, state, numbers, engine.random(key(1, `step/${k}`))));
      const kept = new Set(Object.values(next));
      tf.dispose([Object.values(state).filter((tensor) => !kept.has(tensor)), numbers]);
      state = next;
      const now = [...((await state.margin?.data()) ?? [])];
      now.forEach((value, i) => expect(value).toBeLessThanOrEqual(before[i] ?? NaN));
      before = now;
    }
    expect(before.some((value, i) => value < (first[i] ?? NaN))).toBe(true);
    const size = perturbationSize(x, state.best as tf.Tensor4D, norm);
    expect(Math.max(...(await size.data()))).toBeLessThanOrEqual(eps * (1 + 1e-5));
    tf.dispose([state, round, size]);
  });
});
