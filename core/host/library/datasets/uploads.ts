/**
 * Files that a window without paths hands over, piece by piece: <data folder>/uploads/<set>/, until the dataset is added. What a window
 * left behind is removed when a later one begins.
 */
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError, fileError } from '../../../lib/errors';

const folderOf = (dataFolder: string) => path.join(dataFolder, 'uploads');
const day = 24 * 3600 * 1000;
const largest = 2 ** 36;

/** Writes a piece; answers the file when it is alone at the top of its set, else the folder. @throws AppError DISK_FULL, … */
export async function receivePiece(
  dataFolder: string,
  { upload, file, offset, bytes }: { upload: string; file: string; offset: number; bytes: Uint8Array },
): Promise<{ path: string }> {
  const root = path.join(folderOf(dataFolder), upload);
  const place = path.join(root, file);
  if (offset + bytes.length > largest)
    throw new AppError('BAD_OPTION', `'${file}' is larger than a dataset may be.`, 'Put it where Lowland can read it.');
  try {
    await removeOld(dataFolder);
    await mkdir(path.dirname(place), { recursive: true });
    const handle = await open(place, offset === 0 ? 'w' : 'r+');
    try {
      await handle.write(bytes, 0, bytes.length, offset);
    } finally {
      await handle.close();
    }
    const [only, ...others] = await readdir(root, { withFileTypes: true });
    return { path: only && others.length === 0 ? path.join(root, only.name) : root };
  } catch (error) {
    throw fileError(error, place, 'take a file');
  }
}

/** The error with the paths of uploaded files as the user knows them: from the set on. */
export function namingUploads(error: unknown, dataFolder: string): unknown {
  if (!(error instanceof AppError)) return error;
  const prefix = new RegExp(`${escaped(folderOf(dataFolder) + path.sep)}[\\w-]+${escaped(path.sep)}`, 'g');
  const { code, message, hint } = error;
  return new AppError(code, message.replace(prefix, ''), hint?.replace(prefix, ''), error);
}
const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

export const discardUpload = (dataFolder: string, upload: string): Promise<void> =>
  rm(path.join(folderOf(dataFolder), upload), { recursive: true, force: true });

async function removeOld(dataFolder: string): Promise<void> {
  const folder = folderOf(dataFolder);
  for (const name of await readdir(folder).catch(() => [])) {
    const { mtimeMs } = await stat(path.join(folder, name)).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs > day) await discardUpload(dataFolder, name);
  }
}
