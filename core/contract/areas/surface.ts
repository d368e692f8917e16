/** Energy round real images: planes that refine, walks drawn over them, flatness, and energies of kinds of images. */
import * as v from 'valibot';
import type { Flatness } from '../../surface/flatness';
import { call, stream } from '../contract';
import { finite, name, norm, options, seed, side, subject, whole } from './common';
import { attackChoice } from './datasets';

const positive = v.pipe(finite, v.minValue(1e-6), v.maxValue(1000));

/** Where a plane stands between two levels: points computed of all. */
export interface PlaneProgress {
  readonly kind: 'progress';
  readonly done: number;
  readonly total: number;
}
/** A plane x + a u + b v at one resolution; the next has more points. Energies in nats, a along rows, b from row to row. */
export interface PlaneLevel {
  readonly kind: 'level';
  readonly resolution: number;
  /** The last level. */
  readonly finest: boolean;
  /** Offsets along both axes [resolution]. */
  readonly offsets: Float32Array;
  /** E(x,y) and E(x) [resolution * resolution]. */
  readonly joint: Float32Array;
  readonly marginal: Float32Array;
  /** Mean E(x,y) and E(x) over clean images, to subtract; absent where the images that the model was trained on are not here. */
  readonly offset?: { readonly joint: number; readonly marginal: number };
  /** The image and both directions, flat [h * w * c]: what lies at (a, b) can be drawn. */
  readonly image: Float32Array;
  readonly u: Float32Array;
  readonly v: Float32Array;
  readonly label: number;
  readonly shape: readonly [number, number, number];
}

/** A walk of one image projected on the plane: (a, b) and energies at each step, and its images as uint8 [steps + 1, h, w, c]. */
export interface Walk {
  readonly a: Float32Array;
  readonly b: Float32Array;
  readonly joint: Float32Array;
  readonly marginal: Float32Array;
  /** L2 distance from the plane at each step. */
  readonly distance: Float32Array;
  readonly images: Uint8Array;
}

export const imageKinds = ['clean', 'adversarial', 'generated'] as const;
export type ImageKind = (typeof imageKinds)[number];
/** Energies of some images of one kind, from place `from` on, and whether each is taken for its class. */
export interface KindEnergies {
  readonly kind: ImageKind;
  readonly from: number;
  readonly total: number;
  readonly marginal: Float32Array;
  readonly joint: Float32Array;
  readonly correct: Uint8Array;
}

/** Over the images so far. */
export interface FlatnessSoFar {
  readonly done: number;
  readonly total: number;
  readonly flatness: Flatness;
}

const plane = {
  model: name,
  subject,
  norm,
  eps: positive,
  range: positive,
  /** Random, the same for every model; or the model's own attack and a random one; or the two axes, of points in two dimensions. */
  directions: v.picklist(['random', 'adversarial', 'axes']),
  seed,
};

export const surfaceContract = {
  /** Coarse at once, then finer up to `resolution` (odd). */
  'surface.plane': stream<PlaneLevel | PlaneProgress>()(
    'engine',
    v.strictObject({ ...plane, resolution: whole(3, 301) }),
  ),
  /** The steps of an attack, or of a sampler down E(x,y), from the image; an attack without a norm or radius takes the plane's. */
  'surface.walk': call<Walk>()(
    'engine',
    v.strictObject({
      ...plane,
      by: v.union([
        v.strictObject({ attack: name, options }),
        v.strictObject({ sampler: name, options, steps: whole(1, 500) }),
      ]),
    }),
  ),
  'surface.flatness': stream<FlatnessSoFar>()(
    'engine',
    v.strictObject({ model: name, dataset: name, side, images: whole(1, 512), norm, eps: positive, seed }),
  ),
  /** The first images, clean and attacked, then as many generated from noise; batch by batch. */
  'surface.energies': stream<KindEnergies>()(
    'engine',
    v.strictObject({
      model: name,
      dataset: name,
      side,
      images: whole(1, 2048),
      kinds: v.optional(v.array(v.picklist(imageKinds)), [...imageKinds]),
      ...attackChoice.entries,
      seed,
    }),
  ),
};
