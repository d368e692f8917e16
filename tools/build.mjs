// Bundles the command line into dist/: our own code in a few ES modules, packages left where npm put them.
import { build } from 'esbuild';
import { rm } from 'node:fs/promises';

export async function buildAll(root) {
  await rm(new URL('dist/', root), { recursive: true, force: true });
  await build({
    absWorkingDir: new URL('.', root).pathname,
    entryPoints: { cli: 'core/cli/main.ts', worker: 'core/cli/worker.ts', bench: 'test/bench/main.ts' },
    outdir: 'dist',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    sourcemap: true,
    logLevel: 'warning',
  });
}

if (process.argv[1] === new URL(import.meta.url).pathname) await buildAll(new URL('../', import.meta.url));
