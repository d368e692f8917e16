/**
 * `lowland setup tensorflow`: fetches libtensorflow, compiles its binding, tries both in a child process, and only then puts them in
 * place. All is made in a staging folder, so a set-up that fails or is killed leaves what worked before.
 */
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { AppError, fileError } from '../lib/errors';
import type { Progress } from '../lib/progress';
import { type Examination, examineInChild } from './doctor';
import { compileBinding } from './setup-build';
import { addCuda } from './setup-cuda';
import { fetchWheel } from './setup-fetch';
import { requireTools } from './setup-tools';
import { unpackTensorflow } from './setup-unpack';
import { type Wheel, wheelFor } from './setup-wheels';
import { buildIn, buildName, enginesFolder, isComplete, replaced } from './tensorflow-folder';

export interface SetupRequest {
  /** The CUDA build, for NVIDIA GPUs. */
  readonly gpu: boolean;
  /** Builds anew what is there. */
  readonly force: boolean;
  readonly progress: Progress;
  readonly signal?: AbortSignal;
  readonly wheel?: Wheel;
  /** Examines the build in a folder. */
  readonly attempt?: (folder: string) => Promise<Examination>;
}

export interface SetupResult {
  readonly folder: string;
  /** False: it was there. */
  readonly built: boolean;
  readonly examination: Examination;
}

/** @throws AppError ENGINE, NO_NETWORK, CHECKSUM, BAD_FILE, DISK_FULL, NOT_WRITABLE, CANCELLED; what was there before is untouched. */
export async function setupTensorflow(request: SetupRequest): Promise<SetupResult> {
  const { progress, signal, wheel = wheelFor(request.gpu) } = request;
  const attempt = request.attempt ?? ((folder) => tryBuild(folder, signal));
  const root = enginesFolder();
  const folder = path.join(root, buildName(wheel.version, wheel.gpu));
  if (!request.force && isComplete(buildIn(folder))) {
    const examination = await attempt(folder);
    if (examination.works) return { folder, built: false, examination };
    progress.note(`What is in '${folder}' does not work and is built anew: ${examination.reason}`);
  }
  await requireTools();
  if (wheel.gpu) requireNvidia();
  const staging = `${folder}${working}${process.pid}`;
  const downloads = path.join(root, 'downloads');
  const fetching = { progress, ...(signal && { signal }) };
  try {
    await removeAbandoned(root);
    await mkdir(staging, { recursive: true });
    await unpackTensorflow(await fetchWheel(wheel, downloads, fetching), staging, fetching);
    if (wheel.gpu) await addCuda(staging, downloads, fetching);
    progress.note('Compiling the binding');
    await compileBinding(wheel, staging, signal);
    progress.note('Trying it in a process of its own');
    const examination = await attempt(staging);
    if (wheel.gpu && examination.works && !/nvidia/i.test(examination.info?.device ?? ''))
      throw new AppError(
        'ENGINE',
        'The CUDA build loads, but sees no NVIDIA GPU.',
        'Check nvidia-smi, and the driver.',
      );
    if (!examination.works)
      throw new AppError(
        'ENGINE',
        `The new build does not work: ${examination.reason}`,
        'What was there before is kept.',
      );
    await putInPlace(staging, folder);
    await rm(downloads, { recursive: true, force: true });
    return { folder, built: true, examination };
  } catch (error) {
    throw fileError(error, staging, 'set up the tensorflow engine in');
  } finally {
    await rm(staging, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** @throws AppError ENGINE before gigabytes are downloaded in vain. */
function requireNvidia(): void {
  if (existsSync('/dev/nvidiactl') || existsSync('/dev/dxg')) return;
  throw new AppError('ENGINE', 'No NVIDIA driver is loaded here.', 'Install it, or set up without --gpu.');
}

const working = '.partial-';

async function tryBuild(folder: string, signal?: AbortSignal): Promise<Examination> {
  return examineInChild('tensorflow', { env: { LOWLAND_TENSORFLOW: folder }, ...(signal && { signal }) });
}

/** Between the two renames a kill leaves the old build under its other name, where it is still found. */
async function putInPlace(staging: string, folder: string): Promise<void> {
  const old = `${folder}${replaced}${process.pid}`;
  const exists = existsSync(folder);
  if (exists) await rename(folder, old);
  await rename(staging, folder);
  if (exists) await rm(old, { recursive: true, force: true });
}

/** Removes staging folders of set-ups that were killed, and old builds whose successor is in place. */
async function removeAbandoned(root: string): Promise<void> {
  const names = existsSync(root) ? await readdir(root) : [];
  for (const name of names) {
    const [, target = '', mark, pid] = /^(tensorflow-.*?)(\.partial-|\.replaced-)(\d+)$/.exec(name) ?? [];
    const succeeded = mark === working || isComplete(buildIn(path.join(root, target)));
    if (pid && succeeded && !isAlive(Number(pid))) await rm(path.join(root, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
