/** A model's card: what it is, how it was made, what was measured. JSON beside the weights, or drawn from the weights' metadata. */
import * as v from 'valibot';
import { AppError } from '../lib/errors';
import { readBounded } from '../lib/read-bounded';
import { type Model, parameterCount } from './model';

const fraction = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const whole = v.pipe(v.number(), v.integer(), v.minValue(0));
const text = v.pipe(v.string(), v.maxLength(10_000));

const cardSchema = v.looseObject({
  name: text,
  title: v.optional(text),
  /** Id of the dataset it was trained on. */
  dataset: v.optional(text),
  classes: v.optional(v.array(text)),
  architecture: v.optional(text),
  options: v.optional(v.record(v.string(), v.unknown())),
  /** Trained numbers. */
  parameters: v.optional(whole),
  objective: v.optional(text),
  preset: v.optional(text),
  seed: v.optional(v.number()),
  /** What to type to train it again. */
  command: v.optional(text),
  steps: v.optional(whole),
  /** Accuracy on clean test images. */
  clean: v.optional(fraction),
  robust: v.optional(
    v.object({ attack: text, norm: text, eps: v.number(), steps: whole, accuracy: fraction, images: whole }),
  ),
  /** Mean, maximum, … of E(x+d,y) - E(x,y), in nats. */
  flatness: v.optional(v.record(v.string(), v.number())),
  engine: v.optional(text),
  versions: v.optional(v.record(v.string(), text)),
  /** ISO 8601. */
  date: v.optional(text),
});

export type ModelCard = v.InferOutput<typeof cardSchema>;

const maxBytes = 1024 * 1024;

/** @throws AppError BAD_FILE naming `where` and what is wrong. */
export function parseCard(json: string, where: string): ModelCard {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), cardSchema), json);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const field = v.getDotPath(issue);
  throw new AppError('BAD_FILE', `The card '${where}' is not valid${field ? ` at '${field}'` : ''}: ${issue.message}.`);
}

/** The card beside a weights file (same name, .json), or undefined. @throws AppError BAD_FILE when it is not a card. */
export async function readCard(weightsFile: string): Promise<ModelCard | undefined> {
  const file = weightsFile.replace(/\.safetensors$/, '.json');
  try {
    return parseCard((await readBounded(file, maxBytes, 'read a card')).toString('utf8'), file);
  } catch (error) {
    if (error instanceof AppError && error.code === 'NOT_FOUND') return undefined;
    throw error;
  }
}

const configurationSchema = v.object({
  name: text,
  seed: v.number(),
  objective: v.object({ id: text }),
});

/** What a weights file says of itself: `metadata` as written with it, for a model named `name`. */
export function cardFrom(
  name: string,
  model: Pick<Model, 'architecture' | 'options' | 'classes' | 'parameters'>,
  metadata: Readonly<Record<string, string>>,
): ModelCard & { classes: string[]; dataset: string } {
  const trained = v.safeParse(v.pipe(v.string(), v.parseJson(), configurationSchema), metadata.configuration);
  return {
    name,
    dataset: metadata.dataset ?? '',
    classes: classNames(metadata.classes, model.classes),
    architecture: model.architecture,
    options: model.options,
    parameters: parameterCount(model),
    ...(trained.success
      ? { preset: trained.output.name, seed: trained.output.seed, objective: trained.output.objective.id }
      : {}),
  };
}

/** Names of the classes from a JSON list; 'class 0', … where there is none of the right length. */
function classNames(json: string | undefined, count: number): string[] {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), v.pipe(v.array(text), v.length(count))), json);
  return parsed.success ? parsed.output : Array.from({ length: count }, (_, i) => `class ${i}`);
}
