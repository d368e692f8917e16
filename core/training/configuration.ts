/** What a training run is configured by: preset < file < `--set`; resolved once, stored with the run. */
import * as v from 'valibot';
import { AppError } from '../lib/errors';
import { suggestion } from '../lib/nearest';
import { type Schema, type Values, choice, count, distance, real, resolve, text } from '../lib/options';
import { precisions } from '../engine/engine';
import { modelRegistry } from '../models/registry';
import { objectiveRegistry } from '../objectives/registry';
import { optimiserRegistry } from './optimiser';
import type { Preset } from './presets';
import { scheduleRegistry } from './schedule';

export const trainingOptions = {
  epochs: real(1, 'Passes over the training images.', { min: 0, unit: 'epochs' }),
  steps: count(0, 'Steps to train; 0 takes them from epochs.', { unit: 'steps' }),
  limit: count(0, 'Use only the first n training images; 0 for all.', { unit: 'images' }),
  batch: count(64, 'Images a step.', { min: 1, max: 8192, unit: 'images' }),
  warmup: real(0.05, 'Fraction of the run with a rising rate.', { min: 0, max: 0.9 }),
  clip: real(0, 'Global gradient norm to clip to; 0 for none.', { min: 0 }),
  ema: real(0, 'Decay of the average of the weights; 0 for none.', { min: 0, max: 0.99999 }),
  augment: text('', "Transforms of the training images, for example 'crop,flip'."),
  evaluateEvery: count(200, 'Steps between evaluations; 0 for none but the last.', { unit: 'steps' }),
  evaluationImages: count(256, 'Validation images of an evaluation.', { min: 1, unit: 'images' }),
  evaluationEps: distance('8/255', 'Radius of the PGD attack (linf) that measures robust accuracy.'),
  evaluationSteps: count(10, 'Its steps, each a quarter of the radius.', { min: 1, unit: 'steps' }),
  sampleEvery: count(200, 'Steps between sample grids; 0 for none but the last.', { unit: 'steps' }),
  checkpointEvery: count(100, 'Steps between checkpoints.', { min: 1, unit: 'steps' }),
  select: choice(
    ['best', 'last'],
    'last',
    'Which weights the run ends with: best robust validation accuracy, or the last.',
  ),
  patience: count(0, 'Stop after n evaluations without a better robust accuracy; 0 for never.'),
  precision: choice(
    precisions,
    'float32',
    'Of convolutions and matrix products: in all of the step, or in the attack and the sampler alone; on engine tensorflow.',
  ),
  guardEnergy: real(200, 'Stop when a mean energy exceeds this.', { min: 0, unit: 'nats' }),
  guardGradient: real(1000, 'Stop when the gradient norm exceeds this.', { min: 0 }),
  guardTries: count(3, 'Restarts from the last checkpoint before giving up.'),
};
export type TrainingOptions = Values<typeof trainingOptions>;

interface Part {
  readonly id: string;
  readonly options: Values<Schema>;
}

export interface TrainConfiguration {
  readonly name: string;
  readonly dataset: string;
  readonly model: Part;
  readonly objective: Part;
  readonly optimiser: Part;
  readonly schedule: Part;
  readonly training: TrainingOptions;
  readonly seed: number;
}

const partNames = ['model', 'objective', 'optimiser', 'schedule'] as const;
type PartName = (typeof partNames)[number];
const registries = {
  model: modelRegistry,
  objective: objectiveRegistry,
  optimiser: optimiserRegistry,
  schedule: scheduleRegistry,
};

/**
 * Resolves a preset with overrides: 'epochs=2' (training), 'objective.eps=0.1' (an option of a part), 'objective=jeat' (another part,
 * with its own defaults), 'dataset=mnist'.
 * @throws AppError for an unknown name, with the nearest, or a value out of range.
 */
export function configure(
  preset: Preset,
  overrides: Readonly<Record<string, string>>,
  seed: number,
): TrainConfiguration {
  const parts = Object.fromEntries(
    partNames.map((name) => [name, changedPart(name, preset[name], overrides)]),
  ) as Record<PartName, Part>;
  const known = [
    ...Object.keys(trainingOptions),
    'dataset',
    ...partNames.flatMap((name) => [
      name,
      ...Object.keys(schemaOf(name, parts[name].id)).map((option) => `${name}.${option}`),
    ]),
  ];
  for (const name of Object.keys(overrides)) {
    if (!known.includes(name))
      throw new AppError('BAD_OPTION', `Unknown option '${name}' of a training run.`, suggestion(name, known));
  }
  const training = Object.fromEntries(Object.entries(overrides).filter(([name]) => name in trainingOptions));
  return {
    name: preset.id,
    dataset: overrides.dataset ?? preset.dataset,
    ...parts,
    training: resolve(trainingOptions, { ...preset.training, ...training }, 'training'),
    seed,
  };
}

/** Reads a stored configuration back. @throws AppError BAD_FILE naming `where`. */
export function parseConfiguration(value: unknown, where: string): TrainConfiguration {
  const parsed = v.safeParse(storedSchema, value);
  if (!parsed.success)
    throw new AppError(
      'BAD_FILE',
      `The configuration of '${where}' is not a training run's.`,
      'Only runs made by train can be resumed.',
    );
  const { name, dataset, training, seed, ...stored } = parsed.output;
  const parts = Object.fromEntries(partNames.map((part) => [part, changedPart(part, stored[part], {})])) as Record<
    PartName,
    Part
  >;
  // in the order of `configure`: the text of a configuration is part of the weights file, which a resume must not change
  return { name, dataset, ...parts, training: resolve(trainingOptions, training, 'training'), seed };
}

const storedPart = v.object({ id: v.string(), options: v.record(v.string(), v.unknown()) });
const storedSchema = v.object({
  name: v.string(),
  dataset: v.string(),
  model: storedPart,
  objective: storedPart,
  optimiser: storedPart,
  schedule: storedPart,
  training: v.record(v.string(), v.unknown()),
  seed: v.number(),
});

const schemaOf = (name: PartName, id: string): Schema => registries[name].get(id).options;

function changedPart(name: PartName, part: Preset[PartName], overrides: Readonly<Record<string, string>>): Part {
  const id = overrides[name] ?? part.id;
  const schema = schemaOf(name, id);
  const set = Object.entries(overrides).flatMap(([key, value]) => {
    const option = key.startsWith(`${name}.`) ? key.slice(name.length + 1) : undefined;
    return option !== undefined && option in schema ? [[option, value] as const] : [];
  });
  const base = id === part.id ? part.options : {};
  return { id, options: resolve(schema, { ...base, ...Object.fromEntries(set) }, id) };
}
