/** The programs that the set-up of an engine runs: found, or asked for by name with the command that installs them. */
import { execFile } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { AppError, type ErrorCode } from '../lib/errors';

export interface Finished {
  readonly ok: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end. Never throws for a failing program; @throws AppError CANCELLED when the signal fires. */
export function runTool(
  command: string,
  args: readonly string[],
  options: { signal?: AbortSignal; env?: NodeJS.ProcessEnv; cwd?: string; timeout?: number } = {},
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    execFile(command, [...args], { ...options, maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
      if (options.signal?.aborted) reject(new AppError('CANCELLED', 'Cancelled.', 'What worked before still works.'));
      else resolve({ ok: error === null, stdout, stderr });
    });
  });
}

/** @throws AppError ENGINE that names the missing program and the command that brings it. */
export async function requireTools(): Promise<void> {
  const python = await runTool('python3', ['--version']);
  if (!python.ok) throw missing('Python 3 (python3)', 'python3 python3-pip', 'python');
  const pip = await runTool('python3', ['-m', 'pip', '--version']);
  if (!pip.ok) throw missing("Python's pip (python3 -m pip)", 'python3-pip', 'python');
  const compiler = await runTool('g++', ['--version']);
  if (!compiler.ok) throw missing('a C++ compiler (g++)', 'g++', undefined);
  nodeHeaders();
}

const missing = (what: string, debian: string, brew: string | undefined): AppError =>
  new AppError(
    'ENGINE',
    `Setting up the tensorflow engine needs ${what}, which was not found.`,
    process.platform === 'darwin'
      ? `Install it: ${brew ? `brew install ${brew}` : 'xcode-select --install'}`
      : `Install it: sudo apt-get install ${debian} (or your system's equivalent)`,
  );

/**
 * The folder of node_api.h: beside the running node, where its archives and installers put it, else where Debian's does.
 * @throws AppError ENGINE when there is none.
 */
export function nodeHeaders(): string {
  const folders = [path.resolve(realpathSync(process.execPath), '../../include/node'), '/usr/include/node'];
  const found = folders.find((folder) => existsSync(path.join(folder, 'node_api.h')));
  if (found) return found;
  throw new AppError(
    'ENGINE',
    `Setting up the tensorflow engine needs Node's C headers; '${folders[0]}' has no node_api.h.`,
    'Install Node with its headers: the archive from nodejs.org has them, Debian has them in libnode-dev.',
  );
}

/** The error of a program that failed: what it was to do, and its last telling lines. */
export function toolError(code: ErrorCode, doing: string, { stdout, stderr }: Finished, hint?: string): AppError {
  const said = stderr.trim() || stdout.trim();
  if (/No space left on device/.test(said))
    return new AppError(
      'DISK_FULL',
      `${doing}: the disk is full.`,
      'Free about 2 GB (with --gpu 10 GB) and try again.',
    );
  const lines = said.split('\n').filter((line) => line.trim() !== '');
  return new AppError(code, `${doing}: ${lines.slice(-4).join(' | ')}`, hint);
}
