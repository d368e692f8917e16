/** Datasets: what there are, their images, labels and nearest neighbours, and what a model makes of a whole split. */
import * as v from 'valibot';
import type { ClassRow, ListedDataset } from '../../data/list';
import { call, stream } from '../contract';
import { index, indices, name, nothing, options, pixels, seed, short, side, whole } from './common';

export type { ListedDataset };

export interface DatasetDetails {
  readonly id: string;
  readonly title: string;
  /** [height, width, channels]; [1, 1, 2] are points of a toy. */
  readonly shape: readonly [number, number, number];
  readonly classes: readonly string[];
  readonly sizes: Readonly<Record<'train' | 'test', number>>;
  readonly counts: readonly ClassRow[];
  /** Of each channel of the training images, in [0,1]. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
  /** The customary radius of an attack on these images, by norm, in [0,1] units. */
  readonly budgets: Readonly<Record<'linf' | 'l2' | 'l1', number>>;
}

/** Values of some images of a split, in order from `from`; energies in nats. */
export interface ScoreBatch {
  readonly from: number;
  readonly total: number;
  readonly predicted: Int32Array;
  readonly crossEntropy: Float32Array;
  readonly marginal: Float32Array;
  readonly joint: Float32Array;
  /** 1 where the image is still right under the attack that was asked for. */
  readonly robust?: Uint8Array;
}

export interface Neighbour {
  readonly index: number;
  readonly label: number;
  /** L2 in [0,1] pixel units. */
  readonly distance: number;
  readonly pixels: Uint8Array;
}

export const attackChoice = v.strictObject({ attack: name, options });
const images = v.union([v.strictObject({ from: index, count: whole(1, 65_536) }), indices]);
/** A set of files on its way, and a file in it: its path has no '..' and nothing that a file system could misread. */
const upload = v.pipe(v.string(), v.regex(/^[\w-]{8,64}$/));
const uploadPath = v.pipe(
  v.string(),
  v.maxLength(512),
  v.regex(/^(?!\.)[^/\\:*?"<>|\p{Cc}]+(?:\/(?!\.)[^/\\:*?"<>|\p{Cc}]+)*$/u),
);

export const datasetsContract = {
  'datasets.list': call<readonly ListedDataset[]>()('library', nothing),
  'datasets.open': call<DatasetDetails>()('library', v.strictObject({ dataset: name })),
  'datasets.labels': call<{ labels: Int32Array }>()('library', v.strictObject({ dataset: name, side })),
  /** Pixels as uint8, of a range or of given images, reduced to ceil(h / reduce) x ceil(w / reduce) by the mean: [n, h, w, c]. */
  'datasets.tiles': call<{ pixels: Uint8Array }>()(
    'library',
    v.strictObject({ dataset: name, side, images, reduce: v.optional(whole(1, 64), 1) }),
  ),
  /** The same images as float32 [n, h, w, c] in [0,1]: what models see; the points of a toy. */
  'datasets.values': call<{ values: Float32Array }>()('library', v.strictObject({ dataset: name, side, images })),
  /** The images of the training side nearest to these pixels, in L2. */
  'datasets.nearest': call<readonly Neighbour[]>()(
    'library',
    v.strictObject({ dataset: name, pixels, count: whole(1, 64) }),
  ),
  /** The image under transforms ('crop,flip'), n times, as uint8 [n, h, w, c]. */
  'datasets.augment': call<{ pixels: Uint8Array }>()(
    'library',
    v.strictObject({ dataset: name, side, index, transforms: short, count: whole(1, 64), seed }),
  ),
  /** The chosen images as a zip of PNGs with labels.csv. */
  'datasets.export': call<{ name: string; bytes: Uint8Array }>()(
    'library',
    v.strictObject({ dataset: name, side, indices }),
  ),
  /** Takes a piece of a file of one's own to where 'add-dataset' can read it; answers the path of the whole set. */
  'datasets.upload': call<{ path: string }>()(
    'library',
    v.strictObject({ upload, file: uploadPath, offset: whole(0, 2 ** 40), bytes: v.instance(Uint8Array) }),
  ),
  /** Removes what was uploaded. */
  'datasets.discard': call<null>()('library', v.strictObject({ upload })),
  'datasets.remove': call<null>()('library', v.strictObject({ dataset: name })),
  /** What a model makes of the images of a split, batch by batch; with an attack also whether each withstands it. */
  'datasets.scores': stream<ScoreBatch>()(
    'engine',
    v.strictObject({
      model: name,
      dataset: name,
      side,
      limit: whole(1, 1_000_000),
      attack: v.optional(attackChoice),
      seed,
    }),
  ),
};
