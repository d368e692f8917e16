/** The models to choose from, each in its colour, by a short name where that tells them apart. */
import type { ThemeName } from '../../../core/figures/theme';
import { modelColours, shortNames } from '../datasets/models.svelte';
import type { EnergyState } from './state.svelte';

export function modelChips({ fitting, chosen, models }: EnergyState, theme: ThemeName) {
  const names = [...new Set([...fitting.map(({ name }) => name), ...chosen])];
  const colours = modelColours(names, models.rows, theme);
  const short = shortNames(names);
  return names.map((name) => ({
    value: name,
    label: short.get(name) ?? name,
    colour: colours.get(name) ?? 'currentColor',
  }));
}
