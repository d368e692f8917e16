/** A new run like another one: its preset with the same changes, or its whole configuration where the preset is not known here. */
import type { LowlandClient } from '../../../../core/contract/api';
import { type Catalogue, type ResolvedConfiguration, partNames } from '../../../../core/contract/areas/catalogue';
import type { RunDetails } from '../../../../core/contract/areas/runs';
import { AppError } from '../../../../core/lib/errors';
import { type JsonObject, isJsonObject } from '../../../../core/lib/json';
import { Draft } from './draft.svelte';
import { overridesOf, presetFile } from './overrides';

/** With a step, from the weights of that checkpoint. @throws AppError BAD_DATA for what is no training run. */
export function duplicate(
  client: LowlandClient,
  catalogue: Catalogue,
  { run, manifest }: RunDetails,
  step?: number,
): Promise<Draft> {
  const configuration = storedConfiguration(manifest.configuration, manifest.seed);
  if (!configuration) throw new AppError('BAD_DATA', `The configuration of '${run}' is not a training run's.`);
  const { name } = configuration;
  const known = catalogue.presets.some(({ id }) => id === name);
  const source = known ? { preset: name } : { preset: `${name}.json`, file: presetFile(configuration, name) };
  return Draft.open(client, catalogue, source, {
    seed: manifest.seed,
    ...(step === undefined ? {} : { from: { run, step } }),
    overrides: (base) => overridesOf(catalogue, base, configuration),
  });
}

/** What a manifest holds, where it has the parts of a training run. */
function storedConfiguration(stored: JsonObject, seed: number): ResolvedConfiguration | undefined {
  const { name, dataset, training } = stored;
  const [model, objective, optimiser, schedule] = partNames.map((part) => storedPart(stored[part]));
  if (typeof name !== 'string' || typeof dataset !== 'string' || !model || !objective || !optimiser || !schedule)
    return undefined;
  return { name, dataset, model, objective, optimiser, schedule, training: present(training), seed };
}

function storedPart(value: JsonObject[string]) {
  if (value === undefined || !isJsonObject(value) || typeof value.id !== 'string') return undefined;
  return { id: value.id, options: present(value.options) };
}

/** The entries of an object that have a value; none of what is no object. */
const present = (value: JsonObject[string]) =>
  value !== undefined && isJsonObject(value)
    ? Object.fromEntries(Object.entries(value).flatMap(([name, inner]) => (inner === undefined ? [] : [[name, inner]])))
    : {};
