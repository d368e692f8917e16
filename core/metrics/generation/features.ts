/** Features of a set of images: a row of numbers for each, and what must hold before two sets are compared. */
import { breathe } from '../../lib/breathe';
import { AppError, throwIfCancelled } from '../../lib/errors';

/** [n, d], row-major. */
export interface Features {
  readonly values: Float32Array | Float64Array;
  readonly n: number;
  readonly d: number;
}

/** Called between pieces of long work with how much of it is done, 0 to 1: lets the process breathe, and throws CANCELLED. */
export type Pace = (done: number) => Promise<void>;

export const paced =
  (signal?: AbortSignal, tell?: (done: number) => void): Pace =>
  async (done) => {
    await breathe();
    throwIfCancelled(signal);
    tell?.(done);
  };

/** A share of longer work. */
export const share =
  (pace: Pace, from: number, to: number): Pace =>
  (done) =>
    pace(from + done * (to - from));

/** The first rows. */
export const firstRows = ({ values, n, d }: Features, rows: number): Features =>
  rows >= n ? { values, n, d } : { values: values.subarray(0, rows * d), n: rows, d };

/** @throws AppError BAD_DATA for too few rows, another number of values, or one that is not finite. */
export function checkFeatures({ values, n, d }: Features, least = 2): void {
  if (n < least)
    throw new AppError(
      'BAD_DATA',
      `${n} ${n === 1 ? 'image is' : 'images are'} too few; at least ${least} are needed.`,
    );
  if (values.length !== n * d)
    throw new AppError('BAD_DATA', `There are ${values.length} values; ${n} images with ${d} features have ${n * d}.`);
  const wrong = values.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0)
    throw new AppError('BAD_DATA', `Feature ${wrong % d} of image ${Math.floor(wrong / d)} is ${values[wrong]}.`);
}

/** @throws AppError BAD_DATA as `checkFeatures`, and for features of different networks. */
export function checkPair(a: Features, b: Features): void {
  checkFeatures(a);
  checkFeatures(b);
  if (a.d !== b.d) throw new AppError('BAD_DATA', `Features of ${a.d} and of ${b.d} values cannot be compared.`);
}
