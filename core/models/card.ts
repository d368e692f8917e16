/** A model's card: what it is, how it was made, what was measured. JSON beside the weights. */
import * as v from 'valibot';
import { AppError } from '../lib/errors';

const fraction = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

const cardSchema = v.looseObject({
  name: v.string(),
  title: v.optional(v.string()),
  dataset: v.optional(v.string()),
  parameters: v.optional(v.number()),
  objective: v.optional(v.string()),
  preset: v.optional(v.string()),
  seed: v.optional(v.number()),
  command: v.optional(v.string()),
  steps: v.optional(v.number()),
  clean: v.optional(fraction),
  robust: v.optional(
    v.object({
      attack: v.string(),
      norm: v.string(),
      eps: v.number(),
      steps: v.number(),
      accuracy: fraction,
      images: v.number(),
    }),
  ),
  flatness: v.optional(v.record(v.string(), v.number())),
  engine: v.optional(v.string()),
  versions: v.optional(v.record(v.string(), v.string())),
});
export type ModelCard = v.InferOutput<typeof cardSchema>;

/** @throws AppError BAD_FILE. */
export function parseCard(text: string, where: string): ModelCard {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), cardSchema), text);
  if (parsed.success) return parsed.output;
  throw new AppError('BAD_FILE', `The card '${where}' is not valid: ${parsed.issues[0].message}.`);
}
