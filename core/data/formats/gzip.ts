/** gzip and zlib with a bound on what comes out, so that a small hostile file cannot fill the memory. */
import { gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';
import { AppError, systemCode } from '../../lib/errors';

export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

type Unpack = (bytes: Uint8Array, options: { maxOutputLength: number }) => Uint8Array;

const bounded =
  (unpack: Unpack) =>
  /** @throws AppError BAD_FILE when the data are damaged or come to more than `limit` bytes. */
  (bytes: Uint8Array, limit: number, where: string): Uint8Array => {
    try {
      return unpack(bytes, { maxOutputLength: Math.max(1, limit) });
    } catch (error) {
      throw unpackError(error, where, limit);
    }
  };

export const gunzipBounded = bounded(gunzipSync);
export const inflateBounded = bounded(inflateSync);
export const inflateRawBounded = bounded(inflateRawSync);

/** What is wrong with compressed data, as a sentence. */
export function unpackError(error: unknown, where: string, limit: number): AppError {
  if (error instanceof AppError) return error;
  const because = error instanceof Error ? error.message : String(error);
  const sentence =
    systemCode(error) === 'ERR_BUFFER_TOO_LARGE'
      ? `'${where}' unpacks to more than ${limit.toLocaleString('en')} bytes, which is more than it should hold.`
      : systemCode(error) === 'Z_BUF_ERROR'
        ? `'${where}' is cut off: its compressed data end too early.`
        : `'${where}' is damaged: ${because}.`;
  return new AppError('BAD_FILE', sentence, 'Get the file anew.', error);
}
