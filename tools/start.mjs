// `npm start`: installs and builds what is missing, then opens the workbench: in Electron where its binary and a display are found, else in
// a browser, by printing its address. Arguments after -- go to the workbench: --data-dir, --engine; for a browser also --host, --port.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensure } from './ensure.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));
const say = (text) => process.stderr.write(`lowland: ${text}\n`);

/** Electron's program, in the folder that the environment names or in that of its package, which fetches it on demand. */
function electronProgram() {
  const folder = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(root, 'node_modules/electron/dist');
  const stated = join(folder, '..', 'path.txt');
  const names = [
    ...(existsSync(stated) ? [readFileSync(stated, 'utf8').trim()] : []),
    ...({ darwin: ['Electron.app/Contents/MacOS/Electron'], win32: ['electron.exe'] }[process.platform] ?? [
      'electron',
    ]),
  ];
  return names.map((name) => join(folder, name)).find(existsSync);
}

const display = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
const program = electronProgram();
const args = process.argv.slice(2);

function run(command, list, env = process.env) {
  const child = spawn(command, list, { stdio: 'inherit', env });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}

ensure({ window: true, electron: true });
if (program && display) {
  const asRoot = process.platform === 'linux' && process.getuid() === 0;
  if (asRoot) say("as root Chromium's sandbox cannot work, so it is off (--no-sandbox).");
  const joined = args.flatMap((value, i) =>
    value.startsWith('--') ? [value.includes('=') || !args[i + 1] ? value : `${value}=${args[i + 1]}`] : [],
  );
  run(program, [...(asRoot ? ['--no-sandbox'] : []), root, ...joined]);
} else {
  say(
    program
      ? 'no display is found, so the workbench is served to a browser.'
      : "Electron's program is not here, so the workbench is served to a browser (node node_modules/electron/install.js fetches it).",
  );
  run(process.execPath, [join(root, 'bin/lowland.mjs'), 'serve', ...args]);
}
