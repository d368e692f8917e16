/** Starts children as forked Node processes; messages are structured clones, so that arrays of numbers travel as they are. */
import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { portConnection } from '../contract/port';
import { AppError } from '../lib/errors';
import { packageRoot } from '../lib/paths';
import type { Spawn } from './child';

/** Forks the bundle of core/cli/process-main.ts. */
export const forkChild =
  (entry = path.join(packageRoot, 'dist', 'process.mjs')): Spawn =>
  (role, args) => {
    if (!existsSync(entry)) throw new AppError('FAILED', `'${entry}' is missing.`, 'Build it: npm run build.');
    const child = fork(entry, [...args], { serialization: 'advanced', stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const exits = new Set<(how: string) => void>();
    let how: string | undefined;
    const ended = (words: string) => {
      if (how !== undefined) return;
      how = words;
      for (const listener of exits) listener(words);
    };
    child.once('exit', (code, signal) => ended(signal ? `signal ${signal}` : `code ${String(code)}`));
    child.once('error', (error) => ended(error.message));
    return {
      connection: portConnection({
        post: (message) => {
          // a child that has just died takes no message; its exit tells the rest
          if (child.connected && typeof message === 'object' && message !== null) child.send(message, () => undefined);
        },
        onMessage: (listener) => child.on('message', listener),
        onClose: (listener) => child.once('disconnect', listener),
        close: () => void child.kill(),
      }),
      onExit(listener) {
        if (how === undefined) exits.add(listener);
        else listener(how);
      },
      kill: () => void child.kill(role === 'engine' ? 'SIGKILL' : 'SIGTERM'),
    };
  };
