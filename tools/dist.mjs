// `npm run dist`: builds what is stale and packs the application into dist/packages, as electron-builder.config.mjs says. Arguments after
// -- are electron-builder's: --dir for the folder alone, --linux, --mac, --win.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensure } from './ensure.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));
ensure({ window: true, electron: true });
const unpacked = process.env.ELECTRON_OVERRIDE_DIST_PATH;
if (unpacked && !existsSync(join(unpacked, 'version'))) {
  process.stderr.write(
    `lowland: '${unpacked}' is no unpacked Electron (it has no file 'version'); ELECTRON_OVERRIDE_DIST_PATH names its folder.\n`,
  );
  process.exit(3);
}
const child = spawn(
  process.execPath,
  [
    join(root, 'node_modules/electron-builder/cli.js'),
    ...['--config', 'electron-builder.config.mjs', '--publish', 'never', ...process.argv.slice(2)],
  ],
  { cwd: root, stdio: 'inherit' },
);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
