/** The results of test/fixtures/models/make.py, and the formula of their weights and images. */
import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import type { Model } from '../../core/models/model';
import { buildModel } from '../../core/models/registry';

export { formulaImages, formulaTensors, u } from './formula';

const fixtures = new URL('../fixtures/models/', import.meta.url);
export const fixture = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(name, fixtures)));

const described = v.object({
  architecture: v.string(),
  options: v.record(v.string(), v.unknown()),
  inputShape: v.tuple([v.number(), v.number(), v.number()]),
  classes: v.number(),
});
const passSchema = v.object({ logits: v.array(v.number()), slopes: v.array(v.number()) });
const caseSchema = v.object({
  ...described.entries,
  id: v.string(),
  images: v.number(),
  eval: passSchema,
  train: passSchema,
  running: v.record(v.string(), v.array(v.number())),
});
const fileSchema = v.object({
  ...described.entries,
  file: v.string(),
  images: v.number(),
  logits: v.array(v.number()),
});
const { architecture, options, inputShape } = described.entries;
const countSchema = v.tuple([architecture, options, inputShape, v.number(), v.number()]);

export type ReferenceCase = v.InferOutput<typeof caseSchema>;

export const reference = v.parse(
  v.object({ made: v.string(), cases: v.array(caseSchema), files: v.array(fileSchema), counts: v.array(countSchema) }),
  JSON.parse(readFileSync(new URL('logits.json', fixtures), 'utf8')),
);

export const modelOf = ({ architecture, options, inputShape, classes }: v.InferOutput<typeof described>): Model =>
  buildModel(architecture, options, inputShape, classes);

/** The largest difference, relative to the largest reference value. */
export function relativeError(actual: ArrayLike<number>, expected: readonly number[]): number {
  if (actual.length !== expected.length) return Infinity;
  const scale = Math.max(...expected.map(Math.abs));
  return Math.max(...expected.map((value, i) => Math.abs((actual[i] ?? NaN) - value))) / scale;
}
