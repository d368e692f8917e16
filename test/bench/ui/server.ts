/** `lowland serve` as a user starts it, with the longest stall of its event loop on the side. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageRoot } from '../../../core/lib/paths';

export interface Serving {
  readonly url: string;
  /** Milliseconds from the start of the process to its address. */
  readonly ready: number;
  readonly process: ChildProcess;
  /** Since the last forgetting, in ms: the longest time for which its event loop did not turn, and how much of such a time it worked itself. */
  stall(): { waited: number; worked: number };
  forgetStalls(): void;
  stop(): Promise<void>;
}

export function serve(dataFolder: string, args: readonly string[] = []): Promise<Serving> {
  const stalls = path.join(dataFolder, 'stalls');
  const preload = pathToFileURL(path.join(packageRoot, 'test/bench/ui/stalls.mjs')).href;
  const began = performance.now();
  const child = spawn(
    process.execPath,
    [
      '--import',
      preload,
      path.join(packageRoot, 'bin/lowland.mjs'),
      'serve',
      '--data-dir',
      dataFolder,
      '--quiet',
      ...args,
    ],
    { env: { ...process.env, LOWLAND_STALLS: stalls }, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`lowland serve ended with ${String(code)}`)));
    let said = '';
    child.stdout.on('data', (text: Buffer) => {
      said += text.toString();
      const url = /http\S+/.exec(said)?.[0];
      if (!url) return;
      resolve({
        url,
        ready: performance.now() - began,
        process: child,
        stall: () => JSON.parse(readFileSync(stalls, 'utf8')) as { waited: number; worked: number },
        forgetStalls: () => void child.kill('SIGUSR2'),
        stop: () =>
          new Promise((ended) => {
            child.removeAllListeners('exit');
            child.once('exit', () => ended());
            child.kill('SIGTERM');
          }),
      });
    });
  });
}
