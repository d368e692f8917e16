/** The pictures of a run: images/<kind>-<step>.png. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { RunImage } from '../../../contract/areas/runs';
import { AppError } from '../../../lib/errors';
import { readBounded } from '../../../lib/read-bounded';

const largest = 64 * 2 ** 20;
const pattern = /^([\w.-]+)-(\d+)\.png$/;

/** By kind, then by step. */
export async function runImages(folder: string): Promise<RunImage[]> {
  const names = await readdir(path.join(folder, 'images')).catch(() => []);
  return names
    .flatMap((name) => {
      const [, kind, step] = pattern.exec(name) ?? [];
      return kind === undefined ? [] : [{ name, kind, step: Number(step) }];
    })
    .sort((a, b) => (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : a.step - b.step));
}

/** @throws AppError NOT_FOUND for what is no picture of the run. */
export async function runImage(folder: string, name: string): Promise<{ png: Uint8Array }> {
  if (!pattern.test(name)) throw new AppError('NOT_FOUND', `'${name}' is no image of this run.`);
  return { png: new Uint8Array(await readBounded(path.join(folder, 'images', name), largest, 'read an image')) };
}
