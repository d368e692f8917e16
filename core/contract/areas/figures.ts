/** Files made of figures that a window drew. */
import * as v from 'valibot';
import { call } from '../contract';
import { finite, short } from './common';

export const figuresContract = {
  /** An SVG document as a file; PNG and PDF carry the provenance in their metadata. */
  'figures.export': call<{ bytes: Uint8Array }>()(
    'library',
    v.strictObject({
      svg: v.pipe(v.string(), v.maxLength(16 * 2 ** 20)),
      format: v.picklist(['svg', 'png', 'pdf']),
      scale: v.optional(v.pipe(finite, v.minValue(1), v.maxValue(4)), 1),
      transparent: v.optional(v.boolean(), false),
      width: v.optional(
        v.strictObject({ value: v.pipe(finite, v.minValue(1), v.maxValue(20_000)), unit: v.picklist(['mm', 'px']) }),
      ),
      provenance: v.optional(v.record(short, v.string()), {}),
    }),
  ),
  /** Images [n, h, w, c] as uint8 in one file: a grid PNG, an animation, or a zip of PNGs; each carries its provenance. */
  'figures.images': call<{ bytes: Uint8Array }>()(
    'library',
    v.strictObject({
      format: v.picklist(['png', 'gif', 'apng', 'zip']),
      /** One frame, or the frames of an animation, each [n, h, w, c]. */
      frames: v.pipe(v.array(v.instance(Uint8Array)), v.minLength(1), v.maxLength(2000)),
      shape: v.strictTuple([v.number(), v.number(), v.number()]),
      columns: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1024)),
      scale: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(16)), 1),
      delay: v.optional(v.pipe(finite, v.minValue(10), v.maxValue(10_000)), 100),
      provenance: v.optional(v.record(short, v.string()), {}),
    }),
  ),
};
