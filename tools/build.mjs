// Bundles into dist/: the command line and its processes (our own code in a few ES modules, packages left where npm put them), the
// window (dist/renderer), and Electron's entries (dist/electron).
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
      process: 'core/cli/process-main.ts',
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

/** Electron's own entries are CommonJS, for the oldest shell that is tested; what only that form of a package serves stays outside. */
export async function buildElectron(root) {
  await build({
    absWorkingDir: new URL('.', root).pathname,
    entryPoints: { main: 'electron/main.ts', process: 'electron/process.ts' },
    outdir: 'dist/electron',
    outExtension: { '.js': '.cjs' },
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node16',
    external: [
      'electron',
      '@tensorflow/*',
      'webgpu',
      '@resvg/resvg-wasm',
      'gifenc',
      'xz-decompress',
      'pdfkit',
      'svg-to-pdfkit',
    ],
    // a module is not imported from an asar before Electron 28, and required from one in every Electron
    supported: { 'dynamic-import': false },
    banner: { js: "const moduleUrl = require('node:url').pathToFileURL(__filename).href;" },
    define: { 'import.meta.url': 'moduleUrl' },
    sourcemap: true,
    logLevel: 'warning',
  });
  // a sandboxed preload has no modules of Node
  await build({
    absWorkingDir: new URL('.', root).pathname,
    entryPoints: { preload: 'electron/preload.ts' },
    outdir: 'dist/electron',
    outExtension: { '.js': '.cjs' },
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'chrome108',
    external: ['electron'],
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
  if (what === 'all' || what === 'electron') await buildElectron(root);
}
