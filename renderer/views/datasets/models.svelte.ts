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
    ...fit.map((row) => ({ value: row.name, label: labelOf(row), group: 'Trained on this dataset' })),
    ...others.map((row) => ({ value: row.name, label: labelOf(row), group: 'Other models' })),
  ];
}

/** A run is named by its folder. */
export const labelOf = ({ name, source }: Pick<ModelRow, 'name' | 'source'>): string =>
  source === 'run' ? `${shortName(name)} (run)` : name;

/** 'fashion/jeat' -> 'jeat': what tells models of one family apart. */
export const shortName = (name: string): string => name.split(/[/\\]/).at(-1) ?? name;

/** As few of the last parts of each name as tell it from the others: 'jeat', or 'fashion/at' beside 'runs/at'. */
export function shortNames(names: readonly string[]): ReadonlyMap<string, string> {
  const split = [...new Set(names)].map((name) => ({ name, parts: name.split(/[/\\]/) }));
  const end = ({ parts }: { parts: readonly string[] }, count: number) => parts.slice(-count).join('/');
  return new Map(
    split.map((own) => {
      const alike = (count: number) => split.some((other) => other !== own && end(other, count) === end(own, count));
      let count = 1;
      while (count < own.parts.length && alike(count)) count++;
      return [own.name, end(own, count)];
    }),
  );
}

const methodOf = (name: string, rows: readonly ModelRow[]): string =>
  shortName(rows.find((row) => row.name === name)?.card?.preset ?? name);

/** Two to begin with: a natural and a JEAT one tell the most apart; else the first that there are. */
export function usualModels(rows: readonly ModelRow[], dataset: string): string[] {
  const names = fitting(rows, dataset).map(({ name }) => name);
  const apart = ['natural', 'jeat'].flatMap((method) => names.find((name) => methodOf(name, rows) === method) ?? []);
  return apart.length === 2 ? apart : names.slice(0, 2);
}

/** Each in the colour of its method where that is known. */
export function modelColours(
  names: readonly string[],
  rows: readonly ModelRow[],
  theme: ThemeName,
): ReadonlyMap<string, string> {
  const colours = coloursFor(
    names.map((name) => methodOf(name, rows)),
    theme,
  );
  return new Map(names.map((name, i) => [name, colours[i] ?? 'currentColor']));
}
