/** Members of a zip archive, found by its directory, unpacked within a bound and checked against their CRC-32. */
import { crc32 } from '../../lib/crc32';
import { brief } from '../../lib/brief';
import { AppError } from '../../lib/errors';
import { inflateRawBounded } from './gzip';

const directoryEnd = 0x06054b50;
const directoryEntry = 0x02014b50;
const localHeader = 0x04034b50;

/**
 * Contents by name of the members whose names `wanted` accepts; together they may have no more than `limit` bytes.
 * @throws AppError BAD_FILE when the archive is damaged, encrypted, in zip64 form, packed in another way than by deflate, or when two
 * members have one name or share their bytes.
 */
export function readZip(
  bytes: Uint8Array,
  where: string,
  wanted: (name: string) => boolean,
  limit: number,
): Map<string, Uint8Array> {
  const bad = (what: string): AppError =>
    new AppError('BAD_FILE', `'${where}' ${what}.`, 'It is damaged or another file.');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEnd(view);
  if (end === undefined) throw bad('is no zip archive, or is cut off');
  const members = new Map<string, Uint8Array>();
  const total = { packed: 0, size: 0 };
  let at = view.getUint32(end + 16, true);
  try {
    for (let count = view.getUint16(end + 10, true); count > 0; count--) {
      if (view.getUint32(at, true) !== directoryEntry) throw bad('has a damaged directory');
      const entry = {
        encrypted: (view.getUint16(at + 8, true) & 1) === 1,
        method: view.getUint16(at + 10, true),
        crc: view.getUint32(at + 16, true),
      };
      const [packed, size] = [view.getUint32(at + 20, true), view.getUint32(at + 24, true)];
      const nameLength = view.getUint16(at + 28, true);
      const local = view.getUint32(at + 42, true);
      const name = Buffer.from(bytes.subarray(at + 46, at + 46 + nameLength)).toString('utf8');
      at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
      if (!wanted(name)) continue;
      if (members.has(name)) throw bad(`has two members '${brief(name)}'`);
      total.size += size;
      total.packed += packed;
      if (total.size > limit)
        throw bad(
          `has ${total.size.toLocaleString('en')} bytes up to its member '${brief(name)}', more than the ${limit.toLocaleString('en')} that are read`,
        );
      if (total.packed > bytes.length) throw bad('has members that share their bytes');
      if (entry.encrypted || (entry.method !== 0 && entry.method !== 8))
        throw bad(`has a member '${brief(name)}' packed in a way that is not read`);
      if (view.getUint32(local, true) !== localHeader) throw bad('has a damaged directory');
      const from = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
      if (from + packed > bytes.length) throw bad('is cut off');
      const data = bytes.subarray(from, from + packed);
      const content = entry.method === 8 ? inflateRawBounded(data, size, `${where}: ${brief(name)}`) : data;
      if (content.length !== size || crc32(content) !== entry.crc)
        throw bad(`has a damaged member '${brief(name)}': its CRC-32 is wrong`);
      members.set(name, content);
    }
  } catch (error) {
    throw error instanceof RangeError ? bad('is cut off') : error;
  }
  return members;
}

/** The record at the end of the archive, before a comment of at most 65,535 bytes. */
function findEnd(view: DataView): number | undefined {
  for (let at = view.byteLength - 22; at >= Math.max(0, view.byteLength - 22 - 65535); at--)
    if (view.getUint32(at, true) === directoryEnd) return at;
  return undefined;
}
