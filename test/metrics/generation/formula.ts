/** Features by the formula of test/fixtures/generation/make_metrics.py, and what the references found in them. */
import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import type { Features } from '../../../core/metrics/generation/features';
import { u } from '../../models/formula';

const folder = new URL('../../fixtures/generation/', import.meta.url);
export const fixtureBytes = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(name, folder)));

const sizes = v.tuple([v.number(), v.number(), v.number()]);
const moments = { mean: v.number(), std: v.number() };
export const found = v.parse(
  v.object({
    frechet: v.array(v.object({ of: v.string(), sizes, fidelity: v.number(), exact: v.number() })),
    scores: v.array(v.object({ n: v.number(), splits: v.number(), shuffle: v.boolean(), ...moments })),
    kernels: v.array(v.object({ subsets: v.number(), size: v.number(), ...moments })),
    near: v.array(
      v.object({
        of: v.string(),
        sizes,
        spread: v.number(),
        shift: v.number(),
        precision: v.number(),
        recall: v.number(),
        density: v.number(),
        coverage: v.number(),
      }),
    ),
    orders: v.array(v.array(v.number())),
    file: v.object({ mu: v.array(v.number()), trace: v.number(), distance: v.number() }),
  }),
  JSON.parse(Buffer.from(fixtureBytes('metrics.json')).toString()),
);

export function features(name: string, n: number, d: number, spread = 1, shift = 0): Features {
  const [noise, hidden, loadings] = [u(name, n * d), u(`${name} hidden`, 2 * n), u('loadings', 2 * d)];
  const values = noise.map((value, at) => {
    const [i, j] = [Math.floor(at / d), at % d];
    const mixed =
      value +
      3 * ((hidden[2 * i] ?? NaN) * (loadings[j] ?? NaN) + (hidden[2 * i + 1] ?? NaN) * (loadings[d + j] ?? NaN));
    return Math.max(0, 0.3 + shift + spread * mixed);
  });
  return { values: Float32Array.from(values), n, d };
}

/** The two sets of a case. */
export const pair = (of: string, [n, m, d]: readonly [number, number, number], spread = 1.2, shift = 0.05) =>
  [features(`${of} a`, n, d), features(`${of} b`, m, d, spread, shift)] as const;

export const logits = (n: number): Features => ({
  values: Float32Array.from(u(`logits ${n}`, n * 12), (value) => 8 * Math.fround(value)),
  n,
  d: 12,
});
