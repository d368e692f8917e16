/** Fetching a dataset's file: with progress, going on where an earlier try was cut off, checked against its sum. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError, fileError, systemCode } from '../lib/errors';
import type { Progress } from '../lib/progress';

export interface Fetching {
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

export interface RemoteFile {
  readonly file: string;
  /** Tried in this order. */
  readonly urls: readonly string[];
  /** Without it the file cannot be checked, nor a cut-off download be continued. */
  readonly md5?: string;
}

/** Silence after which a server is given up, in ms. */
const patience = 60_000;
const largest = 8 * 2 ** 30;

export const isUrl = (text: string): boolean => /^https?:\/\//i.test(text);

/**
 * The path of the file in `folder`; what is there whole is not fetched again.
 * @throws AppError NO_NETWORK when no address gives it, CHECKSUM when what came is another file, CANCELLED, DISK_FULL, NOT_WRITABLE.
 */
export async function download(remote: RemoteFile, folder: string, fetching: Fetching): Promise<string> {
  const target = path.join(folder, remote.file);
  try {
    await mkdir(folder, { recursive: true });
    if (remote.md5 !== undefined && (await md5Of(target)) === remote.md5) return target;
    let last: unknown;
    for (const url of remote.urls) {
      try {
        await fetchInto(url, remote, target, fetching);
        return target;
      } catch (error) {
        if (!(error instanceof AppError && ['NO_NETWORK', 'CHECKSUM'].includes(error.code))) throw error;
        last = error;
      }
    }
    throw last;
  } catch (error) {
    throw fileError(error, target, 'download');
  }
}

async function fetchInto(url: string, { file, md5 }: RemoteFile, target: string, fetching: Fetching): Promise<void> {
  const part = `${target}.part`;
  if (md5 === undefined) await rm(part, { force: true });
  await receive(url, file, part, fetching);
  const sum = await md5Of(part);
  if (md5 !== undefined && sum !== md5) {
    await rm(part, { force: true });
    throw new AppError(
      'CHECKSUM',
      `What '${url}' gives has MD5 ${sum ?? 'none'}; it should be ${md5}.`,
      'Try again later, or take the files from elsewhere with --from PATH.',
    );
  }
  await rename(part, target);
}

/** Appends to `part` what is missing of it. */
async function receive(url: string, file: string, part: string, { progress, signal }: Fetching): Promise<void> {
  const stalled = new AbortController();
  const watch = setTimeout(() => stalled.abort(), patience);
  const before = await sizeOf(part);
  try {
    const headers = before > 0 ? { range: `bytes=${before}-` } : {};
    const answer = await fetch(url, { headers, signal: AbortSignal.any([signal, stalled.signal]) });
    if (answer.status === 416) return;
    if (!answer.ok || !answer.body) throw unreachable(url, `it answers ${answer.status} ${answer.statusText}`.trim());
    const from = answer.status === 206 ? before : 0;
    const total = from + Number(answer.headers.get('content-length') ?? 0);
    const handle = await open(part, from > 0 ? 'a' : 'w');
    let done = from;
    try {
      for await (const chunk of answer.body as AsyncIterable<Uint8Array>) {
        watch.refresh();
        done += chunk.length;
        if (done > largest)
          throw new AppError('BAD_FILE', `'${url}' gives more than ${largest.toLocaleString('en')} bytes.`);
        await handle.write(chunk);
        progress.update(`Downloading ${file}`, done, Math.max(total, done), 'bytes');
      }
    } finally {
      await handle.close();
    }
    if (done < total) throw unreachable(url, 'the connection was cut');
  } catch (error) {
    if (signal.aborted)
      throw new AppError('CANCELLED', 'Cancelled.', 'The same command goes on where the download stopped.');
    if (error instanceof AppError || isDiskError(error)) throw error;
    throw unreachable(url, stalled.signal.aborted ? 'it does not answer' : because(error), error);
  } finally {
    clearTimeout(watch);
  }
}

const isDiskError = (error: unknown): boolean =>
  error instanceof Error && 'syscall' in error && 'path' in error
    ? true
    : ['ENOSPC', 'EDQUOT', 'EIO'].includes(systemCode(error) ?? '');

/** The reason in an error of fetch, which hides it one or two causes deep. */
function because(error: unknown): string {
  const inner = error instanceof Error && error.cause ? error.cause : error;
  return systemCode(inner) ?? (inner instanceof Error ? inner.message : String(inner));
}

const unreachable = (url: string, why: string, cause?: unknown): AppError =>
  new AppError(
    'NO_NETWORK',
    `Cannot download '${url}': ${why}.`,
    'Check the network and run the same command again; or give files that you have with --from PATH.',
    cause,
  );

async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  );
}

/** The MD5 of a file; undefined for an empty or absent one. */
export async function md5Of(file: string): Promise<string | undefined> {
  if ((await sizeOf(file)) === 0) return undefined;
  const hash = createHash('md5');
  for await (const chunk of createReadStream(file) as AsyncIterable<Uint8Array>) hash.update(chunk);
  return hash.digest('hex');
}
