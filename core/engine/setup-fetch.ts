/** The wheel, fetched by pip and checked against its pinned SHA-256. */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../lib/errors';
import type { Progress } from '../lib/progress';
import { runTool, toolError } from './setup-tools';
import type { Wheel } from './setup-wheels';

export interface Fetching {
  readonly progress: Progress;
  readonly signal?: AbortSignal;
}

const forPython = ['--only-binary=:all:', '--python-version', '3.12', '--implementation', 'cp'];

/**
 * The wheel's file in `folder`; one that an earlier set-up left there is used if its sum is right.
 * @throws AppError NO_NETWORK when pip fails, CHECKSUM when the file is not the pinned one.
 */
export async function fetchWheel(wheel: Wheel, folder: string, fetching: Fetching): Promise<string> {
  await mkdir(folder, { recursive: true });
  const file = path.join(
    folder,
    `${wheel.package.replace('-', '_')}-${wheel.version}-cp312-cp312-${wheel.platform}.whl`,
  );
  if (!existsSync(file)) {
    await download([`${wheel.package}==${wheel.version}`, '--platform', wheel.platform], folder, wheel.bytes, fetching);
    if (!existsSync(file)) throw new AppError('NO_NETWORK', `pip did not bring '${path.basename(file)}'.`);
  }
  fetching.progress.note(`Checking the SHA-256 of ${path.basename(file)}`);
  const sum = await sha256(file);
  if (sum === wheel.sha256) return file;
  await rm(file);
  throw new AppError(
    'CHECKSUM',
    `The SHA-256 of '${path.basename(file)}' is ${sum}; it should be ${wheel.sha256}.`,
    'The file was deleted. Run the same command again; if the sum is wrong again, do not trust the source that pip uses.',
  );
}

/** What pip finds for `what`, into `folder`; `bytes` is the size to expect, 0 if unknown. @throws AppError NO_NETWORK. */
export async function download(
  what: string[],
  folder: string,
  bytes: number,
  { progress, signal }: Fetching,
): Promise<void> {
  const temporary = path.join(folder, 'pip');
  await rm(temporary, { recursive: true, force: true });
  await mkdir(temporary);
  const task = `Downloading ${what[0]}`;
  const watch = setInterval(() => {
    void folderBytes(temporary).then((done) =>
      progress.update(task, bytes > 0 ? Math.min(done, bytes) : done, bytes, 'bytes'),
    );
  }, 1000);
  const args = ['-m', 'pip', 'download', '--no-deps', '--no-cache-dir', '--quiet', ...forPython, ...what, '-d', folder];
  const done = await runTool('python3', args, {
    ...(signal && { signal }),
    env: { ...process.env, TMPDIR: temporary, PIP_DISABLE_PIP_VERSION_CHECK: '1' },
  }).finally(() => {
    clearInterval(watch);
    return rm(temporary, { recursive: true, force: true });
  });
  if (done.ok) return;
  throw toolError('NO_NETWORK', `pip could not download ${what[0]}`, done, 'Check the network.');
}

async function folderBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  const sizes = await Promise.all(
    files.map((file) =>
      stat(file).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
