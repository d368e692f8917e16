/** What computed a run: versions of the parts, and the commit when Lowland runs from a checkout. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { packageRoot } from '../lib/paths';

const require = createRequire(import.meta.url);

function versionIn(file: string): string {
  const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
  return typeof parsed === 'object' && parsed !== null && 'version' in parsed ? String(parsed.version) : 'unknown';
}

export const lowlandVersion = (): string => versionIn(path.join(packageRoot, 'package.json'));

export const softwareVersions = (): Record<string, string> => ({
  lowland: lowlandVersion(),
  node: process.versions.node,
  tfjs: versionIn(require.resolve('@tensorflow/tfjs-core/package.json')),
});

/** The checkout's commit, '-dirty' after it when files differ; undefined outside a checkout or without git. */
export function gitCommit(): Promise<string | undefined> {
  if (!existsSync(path.join(packageRoot, '.git'))) return Promise.resolve(undefined);
  const asked = ['describe', '--always', '--dirty', '--abbrev=40', '--exclude=*'];
  return new Promise((done) => {
    execFile('git', asked, { cwd: packageRoot, timeout: 5000 }, (error, stdout) =>
      done(error ? undefined : stdout.trim() || undefined),
    );
  });
}
