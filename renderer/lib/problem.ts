/** Any failure as what an ErrorNotice shows: a code, a sentence, a hint. */
import { AppError } from '../../core/lib/errors';

export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

const isProblem = (value: object): value is Problem =>
  'code' in value && typeof value.code === 'string' && 'message' in value && typeof value.message === 'string';

export function asProblem(error: unknown): Problem {
  if (error instanceof AppError || (typeof error === 'object' && error !== null && isProblem(error)))
    return { code: error.code, message: error.message, ...(error.hint ? { hint: error.hint } : {}) };
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'FAILED', message: message || 'Something failed without saying why.' };
}

/** The user stopped it: nothing to show. */
export const isCancelled = (error: unknown): boolean =>
  asProblem(error).code === 'CANCELLED' || (error instanceof DOMException && error.name === 'AbortError');
