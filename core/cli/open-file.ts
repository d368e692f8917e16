/** Opens a file with the desktop's own program; does nothing where there is no display. */
import { spawn } from 'node:child_process';

export function openFile(file: string): void {
  const linux = process.platform === 'linux';
  if (process.env.CI || (linux && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY)) return;
  const [command, ...args] =
    process.platform === 'darwin' ? ['open'] : process.platform === 'win32' ? ['cmd', '/c', 'start', ''] : ['xdg-open'];
  if (!command) return;
  const child = spawn(command, [...args, file], { detached: true, stdio: 'ignore' });
  child.on('error', () => undefined);
  child.unref();
}
