/** `lowland serve`: the workbench in a browser, until Ctrl-C. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '../lib/errors';
import { count, flag, text } from '../lib/options';
import { packageRoot } from '../lib/paths';
import { defineCommand } from './command';

export const serveCommand = defineCommand({
  id: 'serve',
  summary: 'Open the workbench in a browser: prints its address, and serves until Ctrl-C.',
  examples: [
    'lowland serve',
    'lowland serve --port 8080 --data-dir ./lab',
    'lowland serve --host 0.0.0.0 --port 8080',
    'lowland serve --open',
  ],
  arguments: [],
  options: {
    host: text('127.0.0.1', 'Address to listen on; other machines reach it only if it is not a loopback address.'),
    port: count(0, 'Port to listen on; 0 for any that is free.', { max: 65535 }),
    open: flag(false, 'Open the address in the browser of this machine.'),
  },
  async run(_args, { host: address, port, open }, { dataFolder, engine, signal, progress, say }) {
    const { createHost } = await import('../host/host');
    const { forkChild } = await import('../host/fork');
    const { serveWeb } = await import('../host/web/server');
    const folder = path.join(packageRoot, 'dist', 'renderer');
    if (!existsSync(path.join(folder, 'index.html')))
      throw new AppError('FAILED', `The window's files are missing: '${folder}'.`, 'Build them: npm run build.');
    const host = createHost({ dataFolder, spawn: forkChild(), engine: engine ?? '' });
    const served = await serveWeb(host, { address, port, folder }).catch(async (error: unknown) => {
      await host.dispose();
      throw error;
    });
    say?.(`Lowland is at ${served.url}`);
    progress.note('Ctrl-C ends it; jobs that run are paused.');
    if (open) (await import('./open-file')).openFile(served.url);
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    progress.note('Pausing what runs …');
    await host.dispose();
    await served.close();
    return { json: { url: served.url, port: served.port }, text: 'Closed.' };
  },
});
