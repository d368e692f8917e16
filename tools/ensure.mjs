// Installs and builds what is missing or stale, once, then runs what was asked for. Plain Node: it runs before anything is installed.
//   node tools/ensure.mjs run <lowland arguments> | test [vitest arguments] | bench [arguments] | bench-ui [arguments]
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const say = (text) => process.stderr.write(`lowland: ${text}\n`);

/** Runs a command with its output on our stderr, so that stdout stays the program's own. */
function must(command, args, why) {
  const done = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
  if (done.status === 0) return;
  say(
    `${why} failed (${command} ${args.join(' ')} ended with ${done.status ?? done.error?.message}). Mend what it says above and run the same command again.`,
  );
  process.exit(1);
}

const hash = (files) => {
  const sum = createHash('sha256');
  for (const file of files) sum.update(file).update(readFileSync(join(root, file)));
  return sum.digest('hex');
};
const walk = (folder) =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory()
      ? walk(`${folder}/${entry.name}`)
      : /\.(ts|json|svelte|css|html)$/.test(entry.name)
        ? [`${folder}/${entry.name}`]
        : [],
  );

/** True when the stamp file holds this sum; otherwise the work is due. */
const fresh = (stamp, sum) => existsSync(join(root, stamp)) && readFileSync(join(root, stamp), 'utf8') === sum;

/** `window`: also what a browser or Electron shows, which the command line itself does without; `electron`: also its shell. */
export function ensure({ window = false, electron = false } = {}) {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    say(`Node ${process.versions.node} is too old; Lowland needs Node 20.19 or newer.`);
    process.exit(3);
  }
  const packages = hash(['package-lock.json', '.npmrc']);
  if (!fresh('node_modules/.lowland-installed', packages)) {
    say('installing packages (once)');
    must('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], 'installing packages');
    writeFileSync(join(root, 'node_modules/.lowland-installed'), packages);
  }
  link();
  const core = [...walk('core'), 'tools/build.mjs', 'package-lock.json'];
  built('command', 'the command line', [...core, ...walk('test/bench')]);
  if (window) built('window', 'the window', [...core, ...walk('renderer'), 'vite.config.mjs']);
  if (electron) built('electron', 'the shell', [...core, ...walk('electron')]);
}

/** Builds a part unless it was built from just these files. */
function built(part, words, files) {
  const stamp = `dist/.built-${part}`;
  const sources = hash([...files].sort());
  if (fresh(stamp, sources)) return;
  say(`building ${words} (once)`);
  must(process.execPath, ['tools/build.mjs', part], `building ${words}`);
  writeFileSync(join(root, stamp), sources);
}

/** `npx lowland` finds a package's own command only in node_modules/.bin. */
function link() {
  const bin = join(root, 'node_modules/.bin');
  const target = join(bin, 'lowland');
  if (process.platform === 'win32' || (existsSync(target) && statSync(target).isFile())) return;
  mkdirSync(bin, { recursive: true });
  rmSync(target, { force: true });
  symlinkSync('../../bin/lowland.mjs', target);
}

/** Runs a program to its end, passing signals and its exit code through. */
function run(args) {
  const child = spawn(process.execPath, args, { cwd: process.cwd(), stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [task, ...rest] = process.argv.slice(2);
  ensure({ window: task === 'bench-ui' || task === 'e2e', electron: task === 'e2e' });
  if (task === 'run') run([join(root, 'bin/lowland.mjs'), ...rest]);
  else if (task === 'bench') run([join(root, 'dist/bench.mjs'), ...rest]);
  else if (task === 'bench-ui') run([join(root, 'dist/bench-ui.mjs'), ...rest]);
  else if (task === 'e2e')
    run([join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--config', join(root, 'vitest.e2e.config.ts'), ...rest]);
  else if (task === 'test') run([join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...rest]);
  else {
    say(`unknown task '${task}'; one of run, test, e2e, bench, bench-ui.`);
    process.exit(2);
  }
}
