/** A configuration as it would be trained, and what is wrong with it: each wrong override by itself, then the parts together. */
import type { ConfigurationProblem, Configured, ResolvedConfiguration } from '../../../contract/areas/catalogue';
import { partNames } from '../../../contract/areas/catalogue';
import { validationSize } from '../../../data/split';
import { parseTransforms } from '../../../data/transforms';
import { AppError } from '../../../lib/errors';
import type { Json } from '../../../lib/json';
import { parameterCount } from '../../../models/model';
import { buildModel } from '../../../models/registry';
import { type TrainConfiguration, configure } from '../../../training/configuration';
import { type Preset, findPreset, presetFrom } from '../../../training/presets';
import { totalSteps } from '../../../training/train';
import type { DatasetDesk } from '../desk';

interface Request {
  readonly preset: string;
  readonly file?: string | undefined;
  readonly overrides: Readonly<Record<string, string>>;
  readonly seed: number;
}

export async function configured(
  { preset: name, file, overrides, seed }: Request,
  desk: DatasetDesk,
): Promise<Configured> {
  const preset = file === undefined ? await named(name) : presetFrom(file, name);
  const { kept, problems } = judged(preset, overrides, seed);
  const configuration = configure(preset, kept, seed);
  return {
    configuration: asData(configuration),
    base: asData(configure(preset, {}, seed)),
    ...(await together(configuration, problems, desk)),
  };
}

/** A window names presets, never files of this machine. */
function named(name: string): Promise<Preset> {
  if (name.endsWith('.json'))
    throw new AppError('UNKNOWN_NAME', `Unknown preset '${name}'.`, 'A configuration file is opened in the window.');
  return findPreset(name);
}

/** Overrides one after the other, choices of parts first: those that are refused, each with its sentence. */
function judged(preset: Preset, overrides: Request['overrides'], seed: number) {
  const rank = ([option]: readonly [string, string]) => Number(!partNames.some((part) => part === option));
  const kept: Record<string, string> = {};
  const problems: ConfigurationProblem[] = [];
  for (const [option, value] of Object.entries(overrides).sort((a, b) => rank(a) - rank(b)))
    try {
      configure(preset, { ...kept, [option]: value }, seed);
      kept[option] = value;
    } catch (error) {
      problems.push(problem(option, error));
    }
  return { kept, problems };
}

/** What shows only with the dataset: whether it is here, and whether model and batch fit it. */
async function together(
  configuration: TrainConfiguration,
  problems: ConfigurationProblem[],
  desk: DatasetDesk,
): Promise<Pick<Configured, 'problems' | 'parameters' | 'steps'>> {
  const { dataset: id, model, training } = configuration;
  const attempt = <T>(option: string, act: () => T): T | undefined => {
    try {
      return act();
    } catch (error) {
      problems.push(problem(option, error));
      return undefined;
    }
  };
  attempt('augment', () => parseTransforms(training.augment));
  const dataset = await desk.dataset(id).catch((error: unknown) => {
    problems.push(problem('dataset', error));
  });
  if (!dataset) return { problems };
  const built = attempt('model', () =>
    buildModel(model.id, model.options, dataset.train.shape, dataset.classes.length),
  );
  const size = dataset.train.size - validationSize(dataset.train.size);
  const images = training.limit > 0 ? Math.min(training.limit, size) : size;
  if (images < training.batch)
    problems.push({
      option: 'batch',
      message: `A batch of ${training.batch} needs more than the ${images} training images.`,
      hint: 'Use a smaller batch, or a larger limit.',
    });
  return {
    problems,
    steps: totalSteps(configuration, images),
    ...(built ? { parameters: parameterCount(built) } : {}),
  };
}

function problem(option: string, error: unknown): ConfigurationProblem {
  if (!(error instanceof AppError)) throw error;
  return { option, message: error.message, ...(error.hint ? { hint: error.hint } : {}) };
}

/** Plain data: what JSON keeps of it. */
function asData({ name, dataset, training, seed, ...parts }: TrainConfiguration): ResolvedConfiguration {
  const part = ({ id, options }: TrainConfiguration['model']) => ({ id, options: options as Record<string, Json> });
  return {
    name,
    dataset,
    model: part(parts.model),
    objective: part(parts.objective),
    optimiser: part(parts.optimiser),
    schedule: part(parts.schedule),
    training: training as Record<string, Json>,
    seed,
  };
}
