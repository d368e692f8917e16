/** page.json in the folder of a suite: what its sections found so far, in words and tables, and which files are their figures. */
import path from 'node:path';
import * as v from 'valibot';
import { suiteIds } from '../../../contract/areas/suites';
import { writeAtomic } from '../../../lib/atomic';
import { AppError } from '../../../lib/errors';
import { readBounded } from '../../../lib/read-bounded';

const text = v.pipe(v.string(), v.maxLength(20_000));
const fileName = v.pipe(v.string(), v.regex(/^[\w-][\w.-]{0,99}\.(svg|png)$/));
const section = v.object({
  id: text,
  title: text,
  text: v.optional(text),
  table: v.optional(
    v.object({
      columns: v.pipe(v.array(text), v.readonly()),
      rows: v.pipe(v.array(v.pipe(v.array(v.union([text, v.number()])), v.readonly())), v.readonly()),
    }),
  ),
  figures: v.array(fileName),
});
const schema = v.object({
  format: v.literal(1),
  suite: v.picklist(suiteIds),
  model: text,
  dataset: text,
  images: v.number(),
  seed: v.number(),
  total: v.number(),
  command: text,
  sections: v.pipe(v.array(section), v.maxLength(100)),
});
export type SuitePage = Omit<v.InferOutput<typeof schema>, 'format'>;
export type PageSection = SuitePage['sections'][number];

const maxBytes = 4 * 2 ** 20;
const fileIn = (folder: string): string => path.join(folder, 'page.json');

export const suitesFolder = (dataFolder: string): string => path.join(dataFolder, 'suites');

export const writePage = (folder: string, page: SuitePage): Promise<void> =>
  writeAtomic(fileIn(folder), `${JSON.stringify({ format: 1, ...page })}\n`);

/** @throws AppError NOT_FOUND, BAD_FILE. */
export async function readPage(folder: string): Promise<SuitePage> {
  const file = fileIn(folder);
  const found = await readBounded(file, maxBytes, 'read what a suite found');
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), found.toString('utf8'));
  if (parsed.success) return parsed.output;
  throw new AppError('BAD_FILE', `'${file}' is damaged.`, 'Run the suite again; what it measured is kept.');
}
