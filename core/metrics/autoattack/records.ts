/** What an evaluation has found so far, as records that are only ever added: one of the model, one of each look, one of each (block, attack). */
import * as v from 'valibot';
import { flagIds } from './flags';

const whole = v.pipe(v.number(), v.integer(), v.minValue(0));
const seconds = v.pipe(v.number(), v.minValue(0));

export const modelRecord = v.object({
  kind: v.literal('model'),
  flags: v.array(v.object({ id: v.picklist(flagIds), sentence: v.string() })),
  seconds,
});
/** Of a block's images in order, and what `Seen` says of their gradients. */
export const lookRecord = v.object({
  kind: v.literal('look'),
  block: whole,
  labels: v.array(whole),
  predicted: v.array(whole),
  flatCe: whole,
  flatDlr: whole,
  seconds,
});
/** What a part of a suite felled in a block: image (its index in the split), predicted class, size of the perturbation. */
export const partRecord = v.object({
  kind: v.literal('part'),
  block: whole,
  suite: whole,
  part: whole,
  felled: v.array(v.tuple([whole, whole, v.number()])),
  seconds,
});
export const recordSchema = v.variant('kind', [modelRecord, lookRecord, partRecord]);
export type EvaluationRecord = v.InferOutput<typeof recordSchema>;
export type LookRecord = v.InferOutput<typeof lookRecord>;
export type PartRecord = v.InferOutput<typeof partRecord>;
