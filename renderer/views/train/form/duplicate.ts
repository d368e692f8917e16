/** A new run like another one: its preset with the same changes, or its whole configuration where the preset is not known here. */
import type { LowlandClient } from '../../../../core/contract/api';
import type { Catalogue, ResolvedConfiguration } from '../../../../core/contract/areas/catalogue';
import { Draft } from './draft.svelte';
import { overridesOf, presetFile } from './overrides';

export function duplicate(
  client: LowlandClient,
  catalogue: Catalogue,
  configuration: ResolvedConfiguration,
  given: { seed: number; from?: { run: string; step: number } },
): Promise<Draft> {
  const { name } = configuration;
  const known = catalogue.presets.some(({ id }) => id === name);
  const source = known ? { preset: name } : { preset: `${name}.json`, file: presetFile(configuration, name) };
  return Draft.open(client, catalogue, source, {
    ...given,
    overrides: (base) => overridesOf(catalogue, base, configuration),
  });
}
