/** Energy round real images: planes that refine, walks drawn over them, flatness, and energies of kinds of images. */
import * as v from 'valibot';
import type { Flatness } from '../../surface/flatness';
import { call, stream } from '../contract';
import { finite, name, norm, options, seed, side, subject, whole } from './common';
import { attackChoice } from './datasets';

const positive = v.pipe(finite, v.minValue(1e-6), v.maxValue(1000));

/** A plane x + a u + b v at one resolution; the next has more points. Energies in nats, a along rows, b from row to row. */
export interface PlaneLevel {
  readonly resolution: number;
  /** The last level. */
  readonly finest: boolean;
  /** Offsets along both axes [resolution]. */
  readonly offsets: Float32Array;
  /** E(x,y) and E(x) [resolution * resolution]. */
  readonly joint: Float32Array;
  readonly marginal: Float32Array;
  /** Mean E(x,y) and E(x) over clean images, to subtract. */
  readonly offset: { readonly joint: number; readonly marginal: number };
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

/** Energies and predictions of images of one kind. */
export interface KindEnergies {
  readonly kind: 'clean' | 'adversarial' | 'generated';
  readonly marginal: Float32Array;
  readonly joint: Float32Array;
  readonly correct: Uint8Array;
}

const plane = {
  model: name,
  subject,
  norm,
  eps: positive,
  range: positive,
  directions: v.picklist(['random', 'adversarial']),
  seed,
};

export const surfaceContract = {
  /** Coarse at once, then finer up to `resolution` (odd). */
  'surface.plane': stream<PlaneLevel>()('engine', v.strictObject({ ...plane, resolution: whole(3, 301) })),
  /** The steps of an attack, or of a sampler, from the image. */
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
  'surface.flatness': call<Flatness>()(
    'engine',
    v.strictObject({ model: name, dataset: name, side, images: whole(1, 512), norm, eps: positive, seed }),
  ),
  /** Clean images, the same attacked, and as many generated; one event for each kind. */
  'surface.energies': stream<KindEnergies>()(
    'engine',
    v.strictObject({ model: name, dataset: name, side, images: whole(1, 2048), ...attackChoice.entries, seed }),
  ),
};
