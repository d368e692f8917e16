/** What computed a run: versions of the parts, and the commit when Lowland runs from a checkout. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { lowlandVersion, packageRoot, versionIn } from '../lib/paths';

const require = createRequire(import.meta.url);

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
