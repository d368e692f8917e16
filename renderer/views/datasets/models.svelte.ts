/** The models that can judge a dataset, each with one colour. */
import type { ModelRow } from '../../../core/contract/areas/models';
import type { LowlandClient } from '../../../core/contract/api';
import { type ThemeName, coloursFor } from '../../../core/figures/theme';
import type { SelectOption } from '../../components/Select.svelte';
import { Loaded } from './loaded.svelte';

export class ModelList {
  readonly #rows = new Loaded<readonly ModelRow[]>();

  constructor(private readonly client: LowlandClient) {}

  get rows(): readonly ModelRow[] {
    return this.#rows.value ?? [];
  }
  get problem(): unknown {
    return this.#rows.problem;
  }
  load(): void {
    void this.#rows.ask((signal) => this.client.call('models.list', {}, { signal }));
  }
}

/** Trained on this dataset, or on the larger or smaller one of the same images. */
export function fits({ card, problem }: ModelRow, dataset: string): boolean {
  const trained = card?.dataset ?? '';
  return (
    !problem &&
    trained !== '' &&
    (trained === dataset || `${trained}-mini` === dataset || trained === `${dataset}-mini`)
  );
}

export const fitting = (rows: readonly ModelRow[], dataset: string): ModelRow[] =>
  rows.filter((row) => fits(row, dataset));

/** For a choice: those that fit first, then the others, and one that is chosen but not listed. */
export function modelOptions(rows: readonly ModelRow[], dataset: string, chosen = ''): SelectOption[] {
  const fit = fitting(rows, dataset);
  const others = rows.filter((row) => !fit.includes(row) && !row.problem);
  const listed = chosen === '' || rows.some(({ name }) => name === chosen);
  return [
    ...(listed ? [] : [{ value: chosen, label: chosen }]),
    ...fit.map(({ name }) => ({ value: name, label: name, group: 'Trained on this dataset' })),
    ...others.map(({ name }) => ({ value: name, label: name, group: 'Other models' })),
  ];
}

/** 'fashion/jeat' -> 'jeat': what tells models of one family apart. */
export const shortName = (name: string): string => name.split('/').at(-1) ?? name;

export const modelColours = (names: readonly string[], theme: ThemeName): ReadonlyMap<string, string> => {
  const colours = coloursFor(names.map(shortName), theme);
  return new Map(names.map((name, i) => [name, colours[i] ?? 'currentColor']));
};
