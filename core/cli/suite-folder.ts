/** The folder of a suite: its plan, and each section's result once it is there; a suite that was interrupted goes on with what lacks. */
import { mkdir, readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { writeAtomic } from '../lib/atomic';
import { AppError, fileError } from '../lib/errors';
import { type JsonObject, isJsonObject, toJson } from '../lib/json';
import { takeLock } from '../runs/lock';
import { type SectionId, type Sections, sectionIds } from './suite-sections';

const planFile = 'suite.json';
const fileOf = (folder: string, id: SectionId) => path.join(folder, `${id}.json`);

/** Opens it for one writer. @throws AppError LOCKED, BAD_DATA for the folder of another plan, NOT_WRITABLE, BAD_FILE. */
export async function openSuite(folder: string, plan: object) {
  const wanted = toJson(plan) as JsonObject;
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw fileError(error, folder, 'begin an evaluation');
  });
  const release = await takeLock(folder);
  try {
    const before = await readObject(path.join(folder, planFile));
    if (!before && (await readdir(folder)).some((name) => name !== 'lock'))
      throw new AppError('USAGE', `'${folder}' is not empty, and holds no suite.`, 'Choose another --out.');
    const differs = Object.keys({ ...before, ...wanted }).find(
      (name) => before && JSON.stringify(before[name]) !== JSON.stringify(wanted[name]),
    );
    if (before && differs !== undefined)
      throw new AppError(
        'BAD_DATA',
        `The suite in '${folder}' was begun with ${differs} ${JSON.stringify(before[differs])}, not ${JSON.stringify(wanted[differs])}.`,
        'Choose another --out, or repeat what it was begun with.',
      );
    if (!before) await writeAtomic(path.join(folder, planFile), `${JSON.stringify(wanted, null, 2)}\n`);
    const kept: Partial<Record<SectionId, JsonObject>> = {};
    for (const id of sectionIds) {
      const found = await readObject(fileOf(folder, id));
      if (found) kept[id] = found;
    }
    return {
      kept: kept as Sections,
      keep: (id: SectionId, result: JsonObject) =>
        writeAtomic(fileOf(folder, id), `${JSON.stringify(result, null, 2)}\n`),
      close: release,
    };
  } catch (error) {
    await release();
    throw error;
  }
}

/** Undefined where there is no such file. @throws AppError BAD_FILE. */
async function readObject(file: string): Promise<JsonObject | undefined> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    const failed = fileError(error, file, 'read an evaluation');
    if (failed.code === 'NOT_FOUND') return undefined;
    throw failed;
  });
  if (text === undefined) return undefined;
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson()), text);
  if (!parsed.success || !isJsonObject(parsed.output))
    throw new AppError('BAD_FILE', `'${file}' is damaged.`, 'Remove it; its section is measured again.');
  return parsed.output;
}
