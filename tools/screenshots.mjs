// `npm run screenshots -- [--data-dir FOLDER] [--run FOLDER]... [--only energy] [--out FOLDER]`: docs/screens, every view, light
// and dark, 1280x800.
// Data come from FOLDER: CIFAR-10, if it is there (else the embedded Fashion-MNIST), and each --run, shown side by side; all are copied
// to a folder that is taken away again. Without --run three small ones are trained first (some minutes). Needs Chromium.
import { build } from 'esbuild';
import { mkdir, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { ensure } from './ensure.mjs';

ensure({ window: true });
const root = new URL('../', import.meta.url);
const folder = new URL('node_modules/.cache/', root);
await mkdir(folder, { recursive: true });
const file = new URL(`lowland-screens-${process.pid}.mjs`, folder);
await build({
  absWorkingDir: fileURLToPath(root),
  entryPoints: ['test/e2e/screens.ts'],
  outfile: fileURLToPath(file),
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  logLevel: 'warning',
});
try {
  await import(file.href);
} finally {
  await rm(file, { force: true });
}
