/**
 * Generation as a session: chains stay on the engine, and each `advance` moves them some steps with the options of that moment. Play is
 * a loop of calls, pause is no call; sliders act at once, and the same seed and options give the same images.
 */
import * as v from 'valibot';
import { call } from '../contract';
import { finite, index, name, pixels, seed, short, whole } from './common';

/** Chains at one step: uint8 images [n, h, w, c], E(x) [n] and, where they descend a class, E(x,y) [n]. */
export interface SamplingFrame {
  readonly step: number;
  readonly images: Uint8Array;
  readonly marginal: Float32Array;
  readonly joint?: Float32Array;
  /** What the model takes each image for. */
  readonly predicted: Uint8Array;
}

export interface SamplingSession {
  readonly session: string;
  readonly shape: readonly [number, number, number];
  readonly classes: readonly string[];
  /** The class of each image. */
  readonly labels: Int32Array;
  /** What has worked for this sampler and start. */
  readonly recipe: { readonly steps: number; readonly options: Readonly<Record<string, number>> };
  /** As they are before the first step. */
  readonly frame: SamplingFrame;
}

export const samplingPlan = v.strictObject({
  model: name,
  /** Where class starts take their images; '' is what the model was trained on. */
  dataset: v.optional(short, ''),
  sampler: name,
  start: v.picklist(['uniform', 'class-gaussian', 'class-pca', 'image']),
  /** Images, in class order, as even as their number allows. */
  n: whole(1, 1024),
  /** Classes in order; none for all that the model tells apart. */
  classes: v.pipe(v.array(index), v.maxLength(1024)),
  /** Descend E(x,y) of those classes; otherwise E(x). */
  conditional: v.boolean(),
  seed,
  /** For the start 'image': [h, w, c], and where it may change (1) or stays (0), [h, w]; without a mask all may change. */
  image: v.optional(pixels),
  mask: v.optional(v.instance(Uint8Array)),
  /** What stands where the mask lets the image change, before the first step. */
  fill: v.optional(v.picklist(['image', 'noise']), 'image'),
});

export const samplingContract = {
  'sampling.open': call<SamplingSession>()('engine', samplingPlan),
  /** Moves the chains; `options` are the sampler's, as they stand now. @throws NOT_FOUND when the engine was restarted. */
  'sampling.advance': call<SamplingFrame>()(
    'engine',
    v.strictObject({
      session: short,
      steps: whole(1, 1000),
      options: v.record(short, v.union([finite, short, v.boolean()])),
    }),
  ),
  /** Back to the start: the same chains before their first step. */
  'sampling.rewind': call<SamplingFrame>()('engine', v.strictObject({ session: short })),
  'sampling.close': call<null>()('engine', v.strictObject({ session: short })),
};
