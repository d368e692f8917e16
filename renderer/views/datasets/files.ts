/** Files of one's own on their way to Lowland: what was dropped or chosen, with paths inside it, and the upload piece by piece. */
import type { LowlandClient } from '../../../core/contract/api';
import { AppError } from '../../../core/lib/errors';

export interface OwnFile {
  /** 'pets/cat/1.png'. */
  readonly path: string;
  readonly file: File;
}

/** Bytes of one piece. */
const piece = 4 * 2 ** 20;
const mostFiles = 200_000;
/** As the host takes paths: no hidden files, nothing that a file system could misread. */
const usable = /^(?!\.)[^/\\:*?"<>|\p{Cc}]+(?:\/(?!\.)[^/\\:*?"<>|\p{Cc}]+)*$/u;

/** All files of a drop, folders gone through. @throws AppError BAD_FILE when there is none. */
export async function droppedFiles(items: readonly DataTransferItem[]): Promise<OwnFile[]> {
  // entries must be taken before the first await: the list is empty afterwards
  const entries = items.flatMap((item) => item.webkitGetAsEntry() ?? []);
  const files: OwnFile[] = [];
  for (const entry of entries) await gather(entry, '', files);
  return checked(files);
}

/** What a file input holds. @throws AppError BAD_FILE when there is nothing usable. */
export const chosenFiles = (list: readonly File[]): OwnFile[] =>
  checked(list.map((file) => ({ path: file.webkitRelativePath || file.name, file })));

function checked(files: readonly OwnFile[]): OwnFile[] {
  const kept = files.filter(({ path }) => usable.test(path));
  if (kept.length === 0)
    throw new AppError(
      'BAD_FILE',
      'There is no file in what you gave.',
      'Give a folder of images, an .npz file, or the files of a known dataset.',
    );
  if (kept.length > mostFiles)
    throw new AppError(
      'BAD_FILE',
      `${kept.length} files are too many to hand over.`,
      'Give the path of the folder instead.',
    );
  return kept;
}

async function gather(entry: FileSystemEntry, above: string, files: OwnFile[]): Promise<void> {
  const path = above + entry.name;
  if (isFile(entry))
    files.push({ path, file: await new Promise<File>((resolve, reject) => entry.file(resolve, reject)) });
  else if (isFolder(entry)) {
    const reader = entry.createReader();
    // a reader gives a hundred at a time, and none at the end
    for (;;) {
      const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
      if (some.length === 0) return;
      for (const one of some) await gather(one, `${path}/`, files);
    }
  }
}
const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;

/** The name that a dataset made of these files would have. */
export function nameFor(files: readonly OwnFile[]): string {
  const [first = ''] = files.map(({ path }) => path.split('/')[0] ?? '');
  return nameFrom(first);
}
export const nameFrom = (text: string): string =>
  text
    .replace(/(\.tar)?\.\w{1,5}$/, '')
    .toLowerCase()
    .replace(/[^\w.-]+/g, '-')
    .replace(/^[^\w]+/, '')
    .slice(0, 64);

export interface Uploaded {
  readonly upload: string;
  /** What 'add-dataset' reads. */
  readonly path: string;
}

/** Hands the files over. @throws AppError CANCELLED, and what the host says; what had gone over is then removed. */
export async function uploadFiles(
  client: LowlandClient,
  files: readonly OwnFile[],
  signal: AbortSignal,
  onProgress: (bytes: number, total: number) => void,
): Promise<Uploaded> {
  const upload = crypto.randomUUID();
  const total = files.reduce((sum, { file }) => sum + file.size, 0);
  let [gone, path] = [0, ''];
  try {
    for (const { path: name, file } of files)
      for (let offset = 0; offset === 0 || offset < file.size; offset += piece) {
        const bytes = new Uint8Array(await file.slice(offset, offset + piece).arrayBuffer());
        ({ path } = await client.call('datasets.upload', { upload, file: name, offset, bytes }, { signal }));
        gone += bytes.length;
        onProgress(gone, total);
      }
    return { upload, path };
  } catch (error) {
    void client.call('datasets.discard', { upload }).catch(() => undefined);
    throw error;
  }
}
