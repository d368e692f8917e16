/** Pictures in one zip file with a provenance.json beside them. Same input, same bytes: names in order, one fixed date. */
import { type Zippable, strToU8, zipSync } from 'fflate';
import { AppError } from '../lib/errors';
import type { Provenance } from './png-text';

/** The first that a zip file can hold; local time, as its format has it. */
const date = new Date(1980, 0, 1);
const stored = ['.png', '.gif', '.apng'];

/**
 * @param files contents by name, '/' between folders
 * @throws AppError BAD_DATA for a name that would leave the folder into which it is unpacked, or that is taken.
 */
export function zipOf(files: Readonly<Record<string, Uint8Array>>, provenance: Provenance): Uint8Array {
  const wrong = Object.keys(files).find(
    (name) =>
      name === 'provenance.json' ||
      !/^(?![/.])[^\\:]+$/.test(name) ||
      name.split('/').some((part) => /^\.*$/.test(part)),
  );
  if (wrong !== undefined) throw new AppError('BAD_DATA', `'${wrong}' is no name for a file in a zip.`);
  const all = { ...files, 'provenance.json': strToU8(`${JSON.stringify(provenance, null, 2)}\n`) };
  const entries = Object.entries(all)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, bytes]) => {
      const level = stored.some((ending) => name.endsWith(ending)) ? 0 : 6;
      return [name, [bytes, { level, mtime: date }]] as const;
    });
  return zipSync(Object.fromEntries(entries) as Zippable);
}
