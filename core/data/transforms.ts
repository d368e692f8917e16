/** All transforms of training images, and lists of them written as text: 'crop:pad=4,flip,cutout'. */
import { AppError } from '../lib/errors';
import { type Key, fork } from '../lib/key';
import { type Values, resolve } from '../lib/options';
import { Registry } from '../lib/registry';
import type { Batch, ImageShape } from './dataset';
import { crop } from './transforms/crop';
import { cutout } from './transforms/cutout';
import { flip } from './transforms/flip';
import { noise } from './transforms/noise';
import type { TransformEntry } from './transforms/transform';

export const transformRegistry = new Registry<TransformEntry>('transform', [crop, flip, cutout, noise]);

/** A transform with its options fixed. */
export interface BoundTransform {
  readonly entry: TransformEntry;
  readonly options: Values<TransformEntry['options']>;
}

/**
 * The transforms that a text lists, in its order: names separated by commas, each with its options as ':name=value'. '' is none.
 * @throws AppError UNKNOWN_NAME or BAD_OPTION naming the nearest known one.
 */
export function parseTransforms(list: string): BoundTransform[] {
  if (list.trim() === '') return [];
  return list.split(',').map((item) => {
    const [id = '', ...assignments] = item.trim().split(':');
    const entry = transformRegistry.get(id);
    const given = assignments.map((assignment): [string, string] => {
      const at = assignment.indexOf('=');
      if (at < 1)
        throw new AppError(
          'BAD_OPTION',
          `'${assignment}' in '${list}' must be name=value.`,
          'For example crop:pad=4,flip.',
        );
      return [assignment.slice(0, at), assignment.slice(at + 1)];
    });
    return { entry, options: resolve(entry.options, Object.fromEntries(given), entry.id) };
  });
}

/** The batch after all transforms; place and name of each make its own stream of the key. */
export const transformBatch = (
  batch: Batch,
  shape: ImageShape,
  transforms: readonly BoundTransform[],
  at: Key,
): Batch =>
  transforms.reduce(
    (before, { entry, options }, i) => entry.apply(before, shape, options, fork(at, `${i}/${entry.id}`)),
    batch,
  );
