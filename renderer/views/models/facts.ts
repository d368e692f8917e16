/** What decides between models, from their cards; and the filters of the list. */
import type { ModelRow } from '../../../core/contract/areas/models';
import { count, distance, percent, real } from '../../lib/format';

type ModelCard = NonNullable<ModelRow['card']>;

export const sourceNames: Readonly<Record<ModelRow['source'], string>> = {
  embedded: 'with Lowland',
  imported: 'imported',
  run: 'trained here',
  file: 'a file',
};

/** What the model is called for people: a run by its name, though another model may have it. */
export const titleOf = ({ name, source, card }: ModelRow): string =>
  source === 'run' ? (card?.title ?? name.split(/[/\\]/).at(-1) ?? name) : name;

/** 'PGD-20, linf 0.1' */
export const robustUnder = ({ robust }: Partial<ModelCard>): string =>
  robust ? `${robust.attack.toUpperCase()}-${robust.steps}, ${robust.norm} ${distance(robust.eps)}` : '';

/** Largest rise of E(x,y) in the ball over the mean gap between the labels: lower is flatter. */
export const flatnessOf = (card: Partial<ModelCard> | undefined): number | undefined => card?.flatness?.maxOverGap;

/** Of how many images, or of which, the accuracies are. */
export const measuredOn = (card: Partial<ModelCard>): string => {
  const on = 'measuredOn' in card && typeof card.measuredOn === 'string' ? card.measuredOn : undefined;
  const images = card.robust && !on?.includes('validation') ? `${count(card.robust.images)} images` : undefined;
  return [images, on].filter(Boolean).join(', ');
};

export interface Filter {
  readonly dataset: readonly string[];
  readonly objective: readonly string[];
  readonly source: readonly string[];
  readonly words: string;
}
export const noFilter: Filter = { dataset: [], objective: [], source: [], words: '' };

const among = (chosen: readonly string[], value: string) => chosen.length === 0 || chosen.includes(value);
export const filtered = (rows: readonly ModelRow[], { dataset, objective, source, words }: Filter): ModelRow[] =>
  rows.filter(
    (row) =>
      among(dataset, row.card?.dataset ?? '') &&
      among(objective, row.card?.objective ?? '') &&
      among(source, row.source) &&
      `${row.name} ${titleOf(row)} ${row.card?.preset ?? ''}`.toLowerCase().includes(words.trim().toLowerCase()),
  );

/** Values of a field with how many models have each, to choose from. */
export function choices(
  rows: readonly ModelRow[],
  of: (row: ModelRow) => string,
  label: (value: string) => string = (value) => value || 'not said',
): { value: string; label: string; count: string }[] {
  const values = [...new Set(rows.map(of))].sort();
  return values.map((value) => ({
    value,
    label: label(value),
    count: count(rows.filter((row) => of(row) === value).length),
  }));
}

/** A row of the comparison: a field in each model as text. */
export interface Difference {
  readonly group: 'Numbers' | 'Training' | 'Architecture';
  readonly field: string;
  readonly values: readonly string[];
  readonly differs: boolean;
}

type Fields = Readonly<Record<string, string>>;
const flat = (value: unknown, prefix: string): [string, string][] => {
  if (Array.isArray(value)) return [[prefix, value.join(', ')]];
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([name, inner]) =>
      flat(inner, [prefix, name].filter((part) => part && part !== 'options').join('.')),
    );
  return value === undefined ? [] : [[prefix, typeof value === 'number' ? real(value) : String(value)]];
};

function fieldsOf({ card = { name: '' }, source }: ModelRow): Record<Difference['group'], Fields> {
  const configuration = 'configuration' in card ? card.configuration : undefined;
  const { clean, robust, parameters, objective, preset, seed, steps, dataset, engine, date, architecture } = card;
  const flatness = flatnessOf(card);
  const shown = (entries: Readonly<Record<string, string | undefined>>): Fields =>
    Object.fromEntries(
      Object.entries(entries).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    );
  return {
    Numbers: shown({
      'Clean accuracy': clean === undefined ? undefined : percent(clean),
      'Robust accuracy': robust && percent(robust.accuracy),
      Under: robust && robustUnder(card),
      'Measured on': measuredOn(card) || undefined,
      'Flatness (max/gap)': flatness === undefined ? undefined : real(flatness, 3),
      Parameters: parameters === undefined ? undefined : count(parameters),
    }),
    Training: {
      ...shown({
        Source: sourceNames[source],
        Dataset: dataset,
        Objective: objective,
        Preset: preset,
        Seed: seed === undefined ? undefined : String(seed),
        Steps: steps === undefined ? undefined : count(steps),
        Engine: engine,
        Date: date,
      }),
      ...Object.fromEntries(
        flat(configuration, '').filter(([name]) => !/^(name|dataset|seed|model|objective\.id)(\.|$)/.test(name)),
      ),
    },
    Architecture: { ...shown({ Architecture: architecture }), ...Object.fromEntries(flat(card.options, '')) },
  };
}

/** All fields of some models, group by group; what a model lacks is '–'. */
export function compared(rows: readonly ModelRow[]): Difference[] {
  const each = rows.map(fieldsOf);
  return (['Numbers', 'Training', 'Architecture'] as const).flatMap((group) => {
    const names = [...new Set(each.flatMap((fields) => Object.keys(fields[group])))];
    return names.map((field) => {
      const values = each.map((fields) => fields[group][field] ?? '–');
      return { group, field, values, differs: new Set(values).size > 1 };
    });
  });
}
