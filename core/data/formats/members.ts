/**
 * The files that a dataset needs, out of a folder, a tar archive (plain, .gz, .xz) or a single file. Nothing is written anywhere; a
 * member is read only if it is wanted and not larger than it may be, and an archive is not unpacked beyond a bound.
 */
import { readFile, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError, fileError, throwIfCancelled } from '../../lib/errors';
import { tooLarge } from '../../lib/read-bounded';
import { gunzipBounded, isGzip } from './gzip';
import { tarMembers } from './tar';

export interface Wanted {
  /** The most bytes that a file of this name may have, unpacked; undefined for a file that is not wanted. */
  largest(name: string): number | undefined;
  /** The most bytes that a whole archive may unpack to. */
  readonly archive: number;
  readonly signal?: AbortSignal;
  /** Bytes read so far of all. */
  readonly moved?: (done: number, total: number) => void;
}

const deepest = 6;
const mostEntries = 100_000;
/** gzip may make a file this much larger. */
const gzipSlack = 65536;

/** A member's name as authors write it in one way or another: without folder and '.gz', 'train-images.idx3-ubyte' with '-'. */
export const memberName = (name: string): string =>
  path.posix
    .basename(name.replaceAll('\\', '/'))
    .replace(/\.gz$/, '')
    .replace(/\.idx(\d)-ubyte$/, '-idx$1-ubyte');

/**
 * Contents of the wanted members by name; a name that is not there is absent.
 * @throws AppError NOT_FOUND, BAD_FILE (damaged, too large, a path that leaves the archive), CANCELLED.
 */
export async function readMembers(place: string, wanted: Wanted): Promise<Map<string, Uint8Array>> {
  try {
    if ((await stat(place)).isDirectory()) return await fromFolder(place, wanted);
    const name = memberName(place);
    if (wanted.largest(name) !== undefined) return new Map([[name, await readMember(place, name, wanted)]]);
    return await fromArchive(place, wanted);
  } catch (error) {
    throw fileError(error, place, 'read the dataset');
  }
}

async function fromArchive(file: string, wanted: Wanted): Promise<Map<string, Uint8Array>> {
  const members = new Map<string, Uint8Array>();
  const largest = (name: string) => {
    const most = wanted.largest(memberName(name));
    return most === undefined ? undefined : most + gzipSlack;
  };
  for await (const { name: full, bytes } of tarMembers(file, { ...wanted, largest })) {
    const name = memberName(full);
    if (members.has(name)) throw new AppError('BAD_FILE', `'${file}' holds '${name}' twice.`, 'Get the file anew.');
    members.set(name, unpacked(bytes, name, `${file}: ${full}`, wanted.largest(name) ?? 0));
  }
  return members;
}

async function fromFolder(folder: string, wanted: Wanted): Promise<Map<string, Uint8Array>> {
  const members = new Map<string, Uint8Array>();
  const files = (await filesBelow(folder)).filter((file) => wanted.largest(memberName(file)) !== undefined);
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  let done = 0;
  for (const [i, file] of files.entries()) {
    throwIfCancelled(wanted.signal);
    const name = memberName(file);
    if (!members.has(name)) members.set(name, await readMember(file, name, wanted));
    done += sizes[i] ?? 0;
    wanted.moved?.(done, total);
  }
  return members;
}

/** Plain files below a folder, sorted; links are not followed. @throws AppError BAD_FILE when there are too many. */
export async function filesBelow(folder: string, depth = 0): Promise<string[]> {
  const entries = (await readdir(folder, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1));
  const found: string[] = [];
  for (const entry of entries) {
    const place = path.join(folder, entry.name);
    if (entry.isFile()) found.push(place);
    else if (entry.isDirectory() && depth < deepest) found.push(...(await filesBelow(place, depth + 1)));
    if (found.length > mostEntries)
      throw new AppError('BAD_FILE', `'${folder}' holds more than ${mostEntries} files.`, 'Name a smaller folder.');
  }
  return found;
}

async function readMember(file: string, name: string, wanted: Wanted): Promise<Uint8Array> {
  const largest = wanted.largest(name) ?? 0;
  const { size } = await stat(file);
  if (size > largest + gzipSlack) throw tooLarge(file, size, largest);
  return unpacked(await readFile(file), name, file, largest);
}

/** A member as it is published may be gzipped once more. */
function unpacked(bytes: Uint8Array, name: string, where: string, largest: number): Uint8Array {
  const content = isGzip(bytes) ? gunzipBounded(bytes, largest, where) : bytes;
  if (content.length > largest) throw tooLarge(name, content.length, largest);
  return content;
}
