/** Members of a tar archive, plain or packed with gzip or xz, as a stream: what is not wanted is passed over, what is too much is refused. */
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { type Extract, type Header, extract } from 'tar-stream';
import { AppError, throwIfCancelled } from '../../lib/errors';
import { unpackError } from './gzip';

export interface TarOptions {
  /** The most bytes that the member of this path may have; undefined for one that is not wanted. */
  largest(name: string): number | undefined;
  /** The most bytes that the whole archive may unpack to. */
  readonly archive: number;
  readonly signal?: AbortSignal;
  /** Bytes read so far of all. */
  readonly moved?: (done: number, total: number) => void;
}

/** @throws AppError BAD_FILE for a damaged archive, one that unpacks to too much, or a member whose path leaves it; CANCELLED. */
export async function* tarMembers(
  file: string,
  options: TarOptions,
): AsyncGenerator<{ name: string; bytes: Uint8Array }> {
  const archive = extract();
  const { size } = await stat(file);
  const unpack = await unpacker(file);
  const feeding = feed(bounded(unpack(counted(file, size, options)), file, options.archive), archive);
  feeding.catch(() => undefined);
  try {
    for await (const entry of archive) {
      const most = checkedSize(entry.header, options, file);
      if (most === undefined) entry.resume();
      else yield { name: entry.header.name, bytes: await content(entry, most) };
    }
    await feeding;
  } catch (error) {
    if (error instanceof AppError) throw error;
    const cause = await feeding.then(
      () => error,
      (first: unknown) => first,
    );
    throw unpackError(cause, file, options.archive);
  }
}

async function* counted(file: string, size: number, { moved, signal }: TarOptions): AsyncGenerator<Uint8Array> {
  let done = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 18 }) as AsyncIterable<Uint8Array>) {
    throwIfCancelled(signal);
    done += chunk.length;
    moved?.(done, size);
    yield chunk;
  }
}

type Stage = (source: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>;

/** The unpacking that the first bytes of a file ask for. */
async function unpacker(file: string): Promise<Stage> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(6), 0, 6, 0);
    const head = buffer.subarray(0, bytesRead).toString('hex');
    if (head.startsWith('1f8b')) return gunzip;
    return head === 'fd377a585a00' ? unxz : (source) => source;
  } finally {
    await handle.close();
  }
}

async function* gunzip(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const unpack = createGunzip();
  const feeding = pipeline(source, unpack);
  feeding.catch(() => undefined);
  yield* unpack as AsyncIterable<Uint8Array>;
  await feeding;
}

/** The package is CommonJS that Node finds no named exports in. */
const { XzReadableStream } = createRequire(import.meta.url)('xz-decompress') as typeof import('xz-decompress');
const unxz: Stage = (source) => new XzReadableStream(ReadableStream.from(source));

async function* bounded(source: AsyncIterable<Uint8Array>, file: string, most: number): AsyncGenerator<Uint8Array> {
  let done = 0;
  for await (const chunk of source) {
    done += chunk.length;
    if (done > most)
      throw new AppError(
        'BAD_FILE',
        `'${file}' unpacks to more than ${most.toLocaleString('en')} bytes, which is more than it should hold.`,
        'Get the file anew.',
      );
    yield chunk;
  }
}

/** Until the parser takes more, or is closed. */
const flowing = (archive: Extract): Promise<void> =>
  new Promise((resolve) => {
    const resume = (): void => {
      archive.off('drain', resume).off('close', resume);
      resolve();
    };
    archive.on('drain', resume).on('close', resume);
  });

/** Writes all chunks into the archive's parser; what goes wrong before it reaches its reader too. */
async function feed(chunks: AsyncIterable<Uint8Array>, archive: Extract): Promise<void> {
  try {
    for await (const chunk of chunks) {
      if (archive.destroyed) return;
      if (!archive.write(chunk)) await flowing(archive);
    }
    archive.end(undefined);
  } catch (error) {
    archive.destroy(error instanceof Error ? error : new Error(String(error)));
    throw error;
  }
}

/** The size of a wanted member, undefined for another. Links and paths that leave the archive are refused. */
function checkedSize({ name, type, size }: Header, { largest }: TarOptions, file: string): number | undefined {
  if (/^([/\\]|[a-z]:)|(^|[/\\])\.\.([/\\]|$)/i.test(name))
    throw new AppError(
      'BAD_FILE',
      `'${file}' has a member '${name}', whose path leaves the archive.`,
      'Do not trust it.',
    );
  const most = type === 'directory' ? undefined : largest(name);
  if (most === undefined) return undefined;
  if (type !== 'file' && type !== 'contiguous-file')
    throw new AppError('BAD_FILE', `'${name}' in '${file}' is a ${type}, not a file.`, 'Get the file anew.');
  if (size > most)
    throw new AppError(
      'BAD_FILE',
      `'${name}' in '${file}' has ${size.toLocaleString('en')} bytes; it should have at most ${most.toLocaleString('en')}.`,
      'It is damaged or another file.',
    );
  return size;
}

async function content(entry: AsyncIterable<unknown>, size: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(size);
  let at = 0;
  for await (const chunk of entry) {
    if (!(chunk instanceof Uint8Array)) continue;
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
