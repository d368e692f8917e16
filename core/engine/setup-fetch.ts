/** The wheel: fetched by pip, checked against its pinned SHA-256, and of it only the libraries, C headers and licences unpacked. */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../lib/errors';
import type { Progress } from '../lib/progress';
import { lastWords, runTool } from './setup-tools';
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

async function download(what: string[], folder: string, bytes: number, { progress, signal }: Fetching): Promise<void> {
  const temporary = path.join(folder, 'pip');
  await rm(temporary, { recursive: true, force: true });
  await mkdir(temporary);
  const task = `Downloading ${what[0]}`;
  const watch = setInterval(() => {
    void folderBytes(temporary).then((done) => progress.update(task, Math.min(done, bytes), bytes, 'bytes'));
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
  throw new AppError('NO_NETWORK', `pip could not download ${what[0]}: ${lastWords(done)}`, 'Check the network.');
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

/** What the engine needs of TensorFlow's wheel. */
const ofTensorflow =
  'tensorflow/libtensorflow_(cc|framework)[.](so[.]2|2[.]dylib)|' +
  'tensorflow/include/(tensorflow/c|tensorflow/core/platform|tsl/platform|xla/tsl/c)/.*[.]h|' +
  'tensorflow-[^/]*/METADATA|tensorflow[^/]*/(.*/)?(LICENSE|THIRD_PARTY_NOTICES)[^/]*';

/**
 * CUDA's libraries, by NVIDIA's wheels: as TensorFlow's own metadata asks for them, unpacked beside it, where it looks for them.
 * Their sums are the package index's, which pip checks; they are not pinned here.
 */
export async function addCuda(staging: string, folder: string, fetching: Fetching): Promise<void> {
  const metadata = (await readdir(staging)).find((name) => name.endsWith('.dist-info'));
  const text = await readFile(path.join(staging, metadata ?? '', 'METADATA'), 'utf8');
  const needs = [...text.matchAll(/^Requires-Dist: (nvidia-[\w.-]+)\s*\(?([^;)]*)\)?; extra == "and-cuda"/gm)];
  const platforms = ['manylinux_2_27_x86_64', 'manylinux_2_17_x86_64', 'manylinux2014_x86_64', 'manylinux1_x86_64'];
  const cuda = path.join(folder, 'cuda');
  await mkdir(cuda, { recursive: true });
  for (const [, name = '', range = ''] of needs) {
    const tags = platforms.flatMap((platform) => ['--platform', platform]);
    await download([`${name}${range.trim()}`, ...tags], cuda, 0, fetching);
  }
  for (const name of await readdir(cuda))
    await unpack(path.join(cuda, name), staging, 'nvidia/(?!.*/include/).*|nvidia[^/]*/.*LICENSE.*', fetching);
}

export const unpackTensorflow = (wheel: string, staging: string, fetching: Fetching): Promise<void> =>
  unpack(wheel, staging, ofTensorflow, fetching);

/** Streams the members that a pattern names; refuses names that leave the folder and wheels that unpack to over 6 GB. */
const unpackScript = `
import os, re, shutil, sys, zipfile
wheel, target, pattern = sys.argv[1:]
total = 0
with zipfile.ZipFile(wheel) as archive:
    for entry in archive.infolist():
        name = entry.filename
        if entry.is_dir() or not re.fullmatch(pattern, name):
            continue
        if name.startswith('/') or '\\\\' in name or ':' in name or '..' in name.split('/'):
            sys.exit('the wheel names a file outside its folder: ' + name)
        total += entry.file_size
        if total > 6e9:
            sys.exit('the wheel unpacks to more than 6 GB')
        path = os.path.join(target, *name.split('/'))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with archive.open(entry) as source, open(path, 'wb') as sink:
            shutil.copyfileobj(source, sink, 1 << 20)
        if entry.external_attr >> 16 & 0o100:
            os.chmod(path, 0o755)
if not total:
    sys.exit('the wheel holds none of the files that are needed')
`;

async function unpack(wheel: string, staging: string, pattern: string, { progress, signal }: Fetching): Promise<void> {
  progress.note(`Unpacking ${path.basename(wheel)}`);
  const done = await runTool('python3', ['-c', unpackScript, wheel, staging, pattern], { ...(signal && { signal }) });
  if (done.ok) return;
  throw new AppError('BAD_FILE', `'${path.basename(wheel)}' could not be unpacked: ${lastWords(done)}`);
}
