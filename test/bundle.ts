/** Bundles a TypeScript entry so that a child process can run it, inside the package so that it finds its packages. */
import { build } from 'esbuild';
import { mkdtemp, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { packageRoot } from '../core/lib/paths';

/** The path of the bundle, with others by name in the same folder, which is the caller's to remove. */
export async function bundle(entry: string, others: Readonly<Record<string, string>> = {}): Promise<string> {
  const cache = path.join(packageRoot, 'node_modules', '.cache');
  await mkdir(cache, { recursive: true });
  const outdir = await mkdtemp(path.join(cache, 'lowland-test-'));
  await build({
    absWorkingDir: packageRoot,
    entryPoints: { entry, ...others },
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'silent',
  });
  return path.join(outdir, 'entry.mjs');
}
