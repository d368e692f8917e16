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

export const catalogueContract = {
  'catalogue.read': call<Catalogue>()('library', nothing),
  /** Resolves a preset with overrides, as `lowland train --set` does. @throws what is wrong, in a sentence. */
  'catalogue.configure': call<ResolvedConfiguration>()('library', v.strictObject({ preset: name, overrides, seed })),
};
