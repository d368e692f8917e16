/** Stands where a handler is being written. */
import { AppError } from '../lib/errors';

export const missing = (name: string) => (): never => {
  throw new AppError('FAILED', `'${name}' is not there yet.`);
};
