/**
 * The one error that a user may see: a code, a sentence with the offending value, and what to do.
 * It crosses processes as plain data; anything else that is thrown is a defect of ours.
 */

/** Every code, with the exit code of a command that ends with it: 1 failed, 2 wrong usage, 3 bad or missing input, 130 cancelled. */
export const errorCodes = {
  USAGE: 2,
  UNKNOWN_NAME: 2,
  BAD_OPTION: 2,
  NOT_FOUND: 3,
  BAD_FILE: 3,
  BAD_DATA: 3,
  BAD_WEIGHTS: 3,
  CHECKSUM: 3,
  NEWER_VERSION: 3,
  LOCKED: 3,
  NOT_WRITABLE: 3,
  DISK_FULL: 1,
  NO_NETWORK: 1,
  ENGINE: 1,
  CONNECTION: 1,
  DIVERGED: 1,
  FAILED: 1,
  CANCELLED: 130,
} as const;

export type ErrorCode = keyof typeof errorCodes;

export class AppError extends Error {
  override readonly name = 'AppError';

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly hint?: string,
    cause?: unknown,
  ) {
    super(message, { cause });
  }

  get exitCode(): number {
    return errorCodes[this.code];
  }
}

/** The `code` of a Node system error, or undefined. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Turns a failed file operation on `path` into the sentence a user can act on. */
export function fileError(error: unknown, path: string, doing: string): AppError {
  if (error instanceof AppError) return error;
  const because = error instanceof Error ? error.message : String(error);
  switch (systemCode(error)) {
    case 'ENOENT':
      return new AppError('NOT_FOUND', `Cannot ${doing}: '${path}' does not exist.`, 'Check the path.', error);
    case 'ENOSPC':
    case 'EDQUOT':
      return new AppError(
        'DISK_FULL',
        `Cannot ${doing}: the disk that holds '${path}' is full.`,
        'Free some space and run the same command again; nothing that was complete is lost.',
        error,
      );
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new AppError(
        'NOT_WRITABLE',
        `Cannot ${doing}: no permission for '${path}'.`,
        'Choose another folder, or change its permissions.',
        error,
      );
    case 'ENOTDIR':
    case 'EISDIR':
    case 'EEXIST':
      return new AppError(
        'NOT_WRITABLE',
        `Cannot ${doing}: '${path}' is not the kind of file or folder it should be.`,
        'Choose another path.',
        error,
      );
    default:
      return new AppError('FAILED', `Cannot ${doing} '${path}': ${because}`, undefined, error);
  }
}

/** Throws CANCELLED if the signal has fired. Long work calls it between steps. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new AppError('CANCELLED', 'Cancelled.', 'What was complete is kept.');
}
