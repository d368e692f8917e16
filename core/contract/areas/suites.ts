/** Suites: a model judged by everything at once, kept on disk section by section. They run as jobs. */
import * as v from 'valibot';
import { call } from '../contract';
import { finite, name, norm, seed, short, whole } from './common';

export const suiteIds = ['quick', 'standard', 'full'] as const;
export type SuiteId = (typeof suiteIds)[number];

/** Images by default: a minute or a few; an hour; what papers report. */
export const suiteImages: Readonly<Record<SuiteId, number>> = { quick: 200, standard: 1000, full: 10_000 };

export const suiteRequest = v.strictObject({
  model: name,
  suite: v.picklist(suiteIds),
  /** '' for the one that the model was trained on. */
  dataset: v.optional(v.pipe(v.string(), v.maxLength(1024)), ''),
  images: whole(1, 100_000),
  norm,
  /** Radius in [0,1] units; left out, the customary one of the images. */
  eps: v.optional(v.pipe(finite, v.minValue(0), v.maxValue(1000))),
  seed,
});
export type SuiteRequest = v.InferOutput<typeof suiteRequest>;

/** What a section found, in words, as a table, in figures. */
export interface SuiteSection {
  readonly id: string;
  readonly title: string;
  readonly text?: string | undefined;
  readonly table?:
    { readonly columns: readonly string[]; readonly rows: readonly (readonly (string | number)[])[] } | undefined;
  readonly figures: readonly SuiteFigure[];
}
/** `svg` is a drawing of Lowland's own in the light theme. */
export interface SuiteFigure {
  readonly name: string;
  readonly svg?: string;
  readonly png?: Uint8Array;
}
export interface SuiteResults {
  readonly suite: SuiteId;
  readonly model: string;
  readonly dataset: string;
  readonly images: number;
  readonly seed: number;
  readonly folder: string;
  /** The sections that it has in all; those that are done so far are below. */
  readonly total: number;
  readonly sections: readonly SuiteSection[];
  /** What repeats it. */
  readonly command: string;
}

/** Of the suite that is under way (`id` is the job's target), or the last one that judged the model. */
const which = v.strictObject({ model: name, id: v.optional(short, '') });

export const suitesContract = {
  'suites.results': call<SuiteResults>()('library', which),
  /** Its page, as one HTML file. */
  'suites.report': call<{ name: string; bytes: Uint8Array }>()('library', which),
};
