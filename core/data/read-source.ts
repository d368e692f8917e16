/** The official files of a dataset, in whichever form they lie there: found, checked member by member, decoded. */
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../lib/errors';
import type { SourceData } from './dataset';
import { type Fetching, md5Of } from './download';
import { readMembers } from './formats/members';
import type { Layout, Source } from './sources/source';

/** A file that was checked; `sum` is its MD5 or SHA-256. */
export interface CheckedFile {
  readonly name: string;
  readonly sum: string;
  /**
   * True: equal to the known sum, or out of an archive that is. Null: no sum is known, so nothing was compared. Another sum than the
   * known one is an error.
   */
  readonly ok: true | null;
}

export interface CheckedData {
  readonly data: SourceData;
  readonly files: readonly CheckedFile[];
}

/**
 * Reads a folder, an archive (.tar, .tar.gz, .tar.xz) or a single file.
 * @throws AppError NOT_FOUND for missing files, BAD_FILE for damaged ones, CHECKSUM for another content, BAD_DATA for another number
 * of images, CANCELLED.
 */
export async function readSource(source: Source, place: string, { progress, signal }: Fetching): Promise<CheckedData> {
  const all = source.layouts.flatMap(({ files }) => files);
  const largest = new Map(all.map((file) => [file.name, file.largest]));
  const members = await readMembers(place, {
    largest: (name) => largest.get(name),
    archive: all.reduce((sum, file) => sum + file.largest, 64 * 2 ** 20),
    signal,
    moved: (done, total) => progress.update(`Reading ${source.title}`, done, total, 'bytes'),
  });
  const layout = layoutOf(source, members, place);
  const files = layout.files.map(({ name, md5 }) => {
    const sum = createHash('md5')
      .update(members.get(name) ?? '')
      .digest('hex');
    return { name, sum, wanted: md5 };
  });
  const wrong = files.find(({ sum, wanted }) => wanted !== undefined && sum !== wanted);
  if (wrong)
    throw new AppError(
      'CHECKSUM',
      `'${wrong.name}' in '${place}' (${(members.get(wrong.name)?.length ?? 0).toLocaleString('en')} bytes) has MD5 ${wrong.sum}; it should be ${wrong.wanted ?? ''}.`,
      'It is damaged or another file: get it anew.',
    );
  const { train, test } = layout.decode((name) => members.get(name) ?? new Uint8Array());
  if (train.size !== source.images.train || test.size !== source.images.test)
    throw new AppError(
      'BAD_DATA',
      `'${place}' has ${train.size} training and ${test.size} test images; ${source.title} has ${source.images.train} and ${source.images.test}.`,
    );
  const archive = files.some(({ wanted }) => wanted === undefined) ? await officialArchive(source, place) : undefined;
  return {
    data: { title: source.title, classes: source.classes, train, test },
    files: [
      ...(archive ? [archive] : []),
      ...files.map(({ name, sum, wanted }): CheckedFile => ({
        name,
        sum,
        ok: wanted !== undefined || archive ? true : null,
      })),
    ],
  };
}

/** The archive at `place`, if it is one that the authors published, byte for byte: it vouches for members without a known sum. */
async function officialArchive({ downloads }: Source, place: string): Promise<CheckedFile | undefined> {
  if ((await stat(place)).isDirectory()) return undefined;
  const sum = await md5Of(place);
  const known = downloads.some(({ md5 }) => md5 === sum);
  return sum !== undefined && known ? { name: path.basename(place), sum, ok: true } : undefined;
}

function layoutOf({ title, layouts }: Source, members: ReadonlyMap<string, Uint8Array>, place: string): Layout {
  const missing = ({ files }: Layout) => files.filter(({ name }) => !members.has(name)).map(({ name }) => name);
  const whole = layouts.find((layout) => missing(layout).length === 0);
  if (whole) return whole;
  const begun = layouts.find((layout) => missing(layout).length < layout.files.length);
  if (begun)
    throw new AppError(
      'NOT_FOUND',
      `'${place}' lacks ${missing(begun)
        .map((name) => `'${name}'`)
        .join(', ')} of the ${begun.title} of ${title}.`,
      'Name the folder or archive that holds all of them.',
    );
  const forms = layouts.map((layout) => `${layout.title} (${layout.files.map(({ name }) => name).join(', ')})`);
  throw new AppError('NOT_FOUND', `'${place}' holds no files of ${title}.`, `They are: ${forms.join('; or ')}.`);
}
