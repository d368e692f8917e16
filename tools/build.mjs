// Bundles the command line and its processes into dist/: our own code in a few ES modules, packages left where npm put them; and the
// window into dist/renderer.
import { build } from 'esbuild';
import { readdir, rm } from 'node:fs/promises';

export async function buildCommand(root) {
  // the window's build stays: it is made on its own
  const old = await readdir(new URL('dist/', root)).catch(() => []);
  for (const name of old.filter((name) => /\.mjs(\.map)?$/.test(name))) await rm(new URL(`dist/${name}`, root));
  await build({
    absWorkingDir: new URL('.', root).pathname,
    entryPoints: {
      cli: 'core/cli/main.ts',
      worker: 'core/cli/worker.ts',
      process: 'core/host/process-main.ts',
      bench: 'test/bench/main.ts',
      'bench-ui': 'test/bench/ui/main.ts',
    },
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

export async function buildWindow(root) {
  const vite = await import('vite');
  await vite.build({
    root: new URL('renderer/', root).pathname,
    configFile: new URL('vite.config.mjs', root).pathname,
    logLevel: 'warn',
  });
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const root = new URL('../', import.meta.url);
  const [what = 'all'] = process.argv.slice(2);
  if (what === 'all' || what === 'command') await buildCommand(root);
  if (what === 'all' || what === 'window') await buildWindow(root);
}
