/** What a transform of training images is: a pure function of (batch, shape, options, key) on the host. */
import { AppError } from '../../lib/errors';
import type { Key } from '../../lib/key';
import type { Schema, Values } from '../../lib/options';
import type { Entry } from '../../lib/registry';
import type { Batch, ImageShape } from '../dataset';

export interface TransformEntry<S extends Schema = Schema> extends Entry<S> {
  /** A new batch with images of the same shape in [0,1] and the same labels. @throws AppError BAD_OPTION where the shape is too small. */
  apply(batch: Batch, shape: ImageShape, options: Values<S>, at: Key): Batch;
}

export const defineTransform = <S extends Schema>(entry: TransformEntry<S>): TransformEntry<S> => entry;

export const tooSmall = (id: string, what: string, [height, width]: ImageShape): AppError =>
  new AppError(
    'BAD_OPTION',
    `${id} ${what} does not fit images of ${height}x${width}.`,
    'Choose a smaller one, or leave it out.',
  );
