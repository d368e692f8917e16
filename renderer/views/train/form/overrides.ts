/** A configuration as what it changes in a preset, in the names of `lowland train --set`, and as a file of its own. */
import {
  type Catalogue,
  type PartName,
  type ResolvedConfiguration,
  partNames,
} from '../../../../core/contract/areas/catalogue';
import type { Json } from '../../../../core/lib/json';
import type { Scalar, Schema } from '../../../../core/lib/options';
import { isSame } from '../../../components/option-text';

export type Overrides = Readonly<Record<string, Scalar>>;
export type Options = Readonly<Record<string, Scalar>>;

export const schemaOf = (catalogue: Catalogue, part: PartName, id: string): Schema =>
  catalogue.parts[part].find((entry) => entry.id === id)?.options ?? {};

const isScalar = (value: Json | undefined): value is Scalar =>
  typeof value === 'number' ||
  typeof value === 'string' ||
  typeof value === 'boolean' ||
  (Array.isArray(value) && value.every((entry) => typeof entry === 'number'));

/** Stored options without what is none of the schema. */
const known = (schema: Schema, options: Readonly<Record<string, Json>>): Options =>
  Object.fromEntries(
    Object.keys(schema).flatMap((name) => {
      const value = options[name];
      return isScalar(value) ? [[name, value] as const] : [];
    }),
  );

export const defaultsOf = (schema: Schema): Options =>
  Object.fromEntries(Object.entries(schema).map(([name, option]) => [name, option.default]));

/** What a part starts from: the preset's options where it is the preset's, else its own defaults. */
export function partBase(catalogue: Catalogue, base: ResolvedConfiguration, part: PartName, id: string): Options {
  const schema = schemaOf(catalogue, part, id);
  return { ...defaultsOf(schema), ...(base[part].id === id ? known(schema, base[part].options) : {}) };
}

export const trainingBase = (catalogue: Catalogue, base: ResolvedConfiguration): Options => ({
  ...defaultsOf(catalogue.training),
  ...known(catalogue.training, base.training),
});

/** Only what is not as in `base`. */
export function overridesOf(
  catalogue: Catalogue,
  base: ResolvedConfiguration,
  wanted: Omit<ResolvedConfiguration, 'seed'>,
): Overrides {
  const changed = (prefix: string, schema: Schema, from: Options, to: Readonly<Record<string, Json>>) =>
    Object.entries(known(schema, to)).flatMap(([name, value]) =>
      isSame(value, from[name] ?? value) ? [] : [[`${prefix}${name}`, value] as const],
    );
  return Object.fromEntries([
    ...(wanted.dataset === base.dataset ? [] : [['dataset', wanted.dataset] as const]),
    ...partNames.flatMap((part) => {
      const { id, options } = wanted[part];
      const from = partBase(catalogue, base, part, id);
      return [
        ...(id === base[part].id ? [] : [[part, id] as const]),
        ...changed(`${part}.`, schemaOf(catalogue, part, id), from, options),
      ];
    }),
    ...changed('', catalogue.training, trainingBase(catalogue, base), wanted.training),
  ]);
}

/** As `--set` takes it. */
export const asText = (value: Scalar): string => (typeof value === 'object' ? value.join(',') : String(value));

export const asTexts = (overrides: Overrides): Record<string, string> =>
  Object.fromEntries(Object.entries(overrides).map(([name, value]) => [name, asText(value)]));

/** A file that `lowland train --preset FILE.json` takes. */
export function presetFile(
  { dataset, model, objective, optimiser, schedule, training }: ResolvedConfiguration,
  title: string,
): string {
  const summary = `${objective.id} on ${dataset}.`;
  return `${JSON.stringify({ title, summary, source: '', dataset, model, objective, optimiser, schedule, training }, null, 2)}\n`;
}
