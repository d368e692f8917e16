/** Models: the library of them, their cards, and what they say about single images. */
import * as v from 'valibot';
import type { Scalar } from '../../lib/options';
import type { ModelCard } from '../../models/card';
import type { Judged } from '../../models/judged';
import { call } from '../contract';
import { name, nothing, options, pixels, seed, short, subject, whole } from './common';
import { attackChoice } from './datasets';

export interface ModelRow {
  /** How every other call names it. */
  readonly name: string;
  readonly source: 'embedded' | 'imported' | 'file' | 'run';
  readonly card?: ModelCard;
  /** What the last evaluation suite found of these weights. */
  readonly judged?: Judged;
  /** Of a run that has no result yet: where its newest weights are from. */
  readonly checkpoint?: string;
  /** Why it cannot be used. */
  readonly problem?: string;
}
export interface ModelDetails extends ModelRow {
  readonly card: ModelCard;
  readonly inputShape: readonly [number, number, number];
  /** Of the weights file, in bytes. */
  readonly size: number;
  /** In the file's order of layers; shapes as tfjs has them. Running statistics are not trained. */
  readonly tensors: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    readonly trainable: boolean;
  }[];
}

export interface ImportedModel extends ModelRow {
  /** How the tensors of the file were found, in sentences. */
  readonly report: readonly string[];
}

/** Of one model at n images: logits [n, k]; p(y|x) and the energies follow from them. */
export interface Judgement {
  readonly model: string;
  readonly classes: readonly string[];
  readonly logits: Float32Array;
}

export interface AttackPreview {
  readonly shape: readonly [number, number, number];
  readonly classes: readonly string[];
  readonly label: number;
  /** float32 [h, w, c] in [0,1]. */
  readonly clean: Float32Array;
  readonly adversarial: Float32Array;
  /** Logits [k] of the model at both. */
  readonly cleanLogits: Float32Array;
  readonly adversarialLogits: Float32Array;
  readonly linf: number;
  readonly l2: number;
  /** Every option as it was used, the customary radius of the images among them. */
  readonly options: Readonly<Record<string, Scalar>>;
}

export const modelsContract = {
  /** Embedded, imported, and results of runs. */
  'models.list': call<readonly ModelRow[]>()('library', nothing),
  'models.show': call<ModelDetails>()('library', v.strictObject({ model: name })),
  /** Takes weights into the library; `architecture` '' believes the file, or knows it by its tensors. */
  'models.import': call<ImportedModel>()(
    'library',
    v.strictObject({
      name: short,
      bytes: v.instance(Uint8Array),
      /** What errors call it. */
      file: v.optional(short, ''),
      architecture: v.optional(short, ''),
      options: v.optional(options, {}),
      dataset: v.optional(short, ''),
    }),
  ),
  /** Imported ones only: moves them into the trash of the data folder; `restore` brings them back. */
  'models.remove': call<{ trashed: string }>()('library', v.strictObject({ model: name })),
  'models.restore': call<ModelRow>()('library', v.strictObject({ trashed: short })),
  'models.export': call<{ name: string; bytes: Uint8Array }>()('library', v.strictObject({ model: name })),
  /** Several models at the same images [n, h, w, c], n <= 256. */
  'models.judge': call<readonly Judgement[]>()(
    'engine',
    v.strictObject({ models: v.pipe(v.array(name), v.minLength(1), v.maxLength(16)), images: pixels }),
  ),
  'models.attack': call<AttackPreview>()(
    'engine',
    /** `target` is the class that a targeted attack wants. */
    v.strictObject({ model: name, subject, ...attackChoice.entries, target: v.optional(whole(0, 65_535)), seed }),
  ),
};
