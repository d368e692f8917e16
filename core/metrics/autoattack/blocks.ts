/**
 * A block: neighbouring images that go through every attack together. Where blocks begin depends on their size alone, and all that is
 * drawn for one on (seed, its first image, attack), so that shards, interruptions and the number of images change no verdict of a whole block.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import { gather } from '../../data/batches';
import { type Split, valuesOf } from '../../data/dataset';
import { AppError } from '../../lib/errors';
import { type Key, fork, key } from '../../lib/key';

/** Images 0..images-1 in blocks of `block`, the last one perhaps smaller. */
export interface Blocks {
  readonly images: number;
  readonly block: number;
}

export const blockCount = ({ images, block }: Blocks): number => Math.ceil(images / block);
/** The images of block b: from, and how many. */
export function blockRange({ images, block }: Blocks, b: number): { from: number; count: number } {
  const from = b * block;
  return { from, count: Math.min(block, images - from) };
}

/** The blocks of a shard: every so many. */
export const shardBlocks = (blocks: Blocks, { index, count }: { index: number; count: number }): number[] =>
  Array.from({ length: blockCount(blocks) }, (_, b) => b).filter((b) => b % count === index);

/** x [block, h, w, c] and y int32 [block], filled up from the block's own start where it is the last; the caller disposes them. */
export function blockTensors(split: Split, blocks: Blocks, b: number): { x: Tensor4D; y: Tensor1D } {
  const { from, count } = blockRange(blocks, b);
  const size = Math.min(blocks.block, blocks.images);
  const rows = Uint32Array.from({ length: size }, (_, i) => from + (i % count));
  const { x, y } = gather(split, rows);
  return { x: tf.tensor4d(x, [size, ...split.shape]), y: tf.tensor1d(y, 'int32') };
}

/** The key of everything that an attack draws for the block that begins at image `from`. */
export const attackKey = (seed: number, from: number, attack: string): Key =>
  fork(fork(key(seed, 'attack'), from), attack);

/** @throws AppError BAD_DATA naming the first of these images that has a pixel outside [0,1], or none at all. */
export function checkPixels({ pixels, shape }: Split, images: number): void {
  if (pixels instanceof Uint8Array) return;
  const size = valuesOf(shape);
  for (let i = 0; i < images * size; i++) {
    const value = pixels[i] ?? NaN;
    if (!(value >= 0 && value <= 1))
      throw new AppError(
        'BAD_DATA',
        `Image ${Math.floor(i / size)} has a pixel of ${value}; attacks need images in [0,1].`,
        'Scale the images to [0,1], and put the normalisation into the model.',
      );
  }
}
