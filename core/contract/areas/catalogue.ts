/** What can be chosen: presets, parts of a training run, attacks, samplers, starts, transforms; each with its option schema. */
import * as v from 'valibot';
import type { Json } from '../../lib/json';
import type { Schema } from '../../lib/options';
import { call } from '../contract';
import { name, nothing, overrides, seed } from './common';

export interface CatalogueEntry {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly reference: string;
  readonly options: Schema;
}
export interface PresetRow {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly source: string;
  readonly dataset: string;
  readonly objective: string;
}
export const partNames = ['model', 'objective', 'optimiser', 'schedule'] as const;
export type PartName = (typeof partNames)[number];

export interface Catalogue {
  readonly presets: readonly PresetRow[];
  readonly parts: Readonly<Record<PartName, readonly CatalogueEntry[]>>;
  /** Options of the training loop. */
  readonly training: Schema;
  readonly attacks: readonly CatalogueEntry[];
  /** Suites of attacks, which only an evaluation runs. */
  readonly suites: readonly CatalogueEntry[];
  readonly samplers: readonly CatalogueEntry[];
  readonly transforms: readonly CatalogueEntry[];
  readonly starts: readonly { readonly id: string; readonly title: string; readonly summary: string }[];
}

interface ResolvedPart {
  readonly id: string;
  readonly options: Readonly<Record<string, Json>>;
}
/** A training configuration with every option resolved. */
export type ResolvedConfiguration = Readonly<Record<PartName, ResolvedPart>> & {
  readonly name: string;
  readonly dataset: string;
  readonly training: Readonly<Record<string, Json>>;
  readonly seed: number;
};

/** What is wrong with an override, or with the whole where it is of no single one ('' as its name). */
export interface ConfigurationProblem {
  readonly option: string;
  readonly message: string;
  readonly hint?: string;
}
export interface Configured {
  /** With the overrides that are right. */
  readonly configuration: ResolvedConfiguration;
  /** The preset without overrides: what a change is measured against. */
  readonly base: ResolvedConfiguration;
  readonly problems: readonly ConfigurationProblem[];
  /** Weights to train, and steps of the run; absent where the dataset is not here or the parts do not fit. */
  readonly parameters?: number;
  readonly steps?: number;
}

export const catalogueContract = {
  'catalogue.read': call<Catalogue>()('library', nothing),
  /**
   * Resolves a preset, or the text of a configuration file, with overrides as `lowland train --set` takes them.
   * @throws UNKNOWN_NAME, BAD_FILE; what is wrong with an override comes back as a problem.
   */
  'catalogue.configure': call<Configured>()(
    'library',
    v.strictObject({
      preset: name,
      file: v.optional(v.pipe(v.string(), v.maxLength(1_000_000))),
      overrides,
      seed,
    }),
  ),
};
