/** What the measurements over a split share: how they are asked for, and batches that are all of one size. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import type { Told } from '../attacks/attacker';
import { gather } from '../data/batches';
import type { Split } from '../data/dataset';
import type { CompileOptions } from '../engine/engine';
import { AppError } from '../lib/errors';

export interface MeasurePlan extends Told {
  /** The first so many images of the split, or all of them where it has fewer. */
  readonly images: number;
  readonly batch: number;
  readonly seed: number;
  readonly compile?: CompileOptions | undefined;
}

/** Some images in a row; `rows` are their places, filled up from the start to the size of the others, so that all are one compiled step. */
export interface Place {
  readonly from: number;
  readonly count: number;
  readonly rows: Uint32Array;
}

/** @throws AppError BAD_DATA where there is no image. */
export function placesOf(total: number, batch: number): Place[] {
  if (!(total >= 1)) throw new AppError('BAD_DATA', 'There is no image to measure.', 'Choose another split.');
  const size = Math.min(batch, total);
  return Array.from({ length: Math.ceil(total / size) }, (_, b) => {
    const from = b * size;
    const rows = Uint32Array.from({ length: size }, (__, i) => (from + i) % total);
    return { from, count: Math.min(size, total - from), rows };
  });
}

/** x [n, h, w, c] in [0,1] and y int32 [n]; the caller disposes them. */
export function tensorsAt(split: Split, rows: Uint32Array): { x: Tensor4D; y: Tensor1D } {
  const { x, y, size } = gather(split, rows);
  return { x: tf.tensor4d(x, [size, ...split.shape]), y: tf.tensor1d(y, 'int32') };
}
