/** A window: where it was, locked up, and brought back to its place when its page dies. */
import path from 'node:path';
import { BrowserWindow, MessageChannelMain, app, dialog, screen } from 'electron';
import type { Host } from '../core/host/host';
import { windowConnection } from './ports';
import { origin } from './protocol';
import { readState, smallest, visibleBounds, writeState } from './window-state';

const stateFile = (): string => path.join(app.getPath('userData'), 'window.json');
/** A page that dies more often than this within a minute is not loaded again by itself. */
const mostReloads = 3;

export function openWindow(): BrowserWindow {
  const state = readState(stateFile());
  const window = new BrowserWindow({
    ...visibleBounds(
      state,
      screen.getAllDisplays().map(({ workArea }) => workArea),
    ),
    minWidth: smallest.width,
    minHeight: smallest.height,
    show: false,
    backgroundColor: '#fbfbf9',
    title: 'Lowland',
    webPreferences: {
      preload: path.join(__dirname, 'preload.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    },
  });
  if (state?.maximised) window.maximize();
  window.once('ready-to-show', () => window.show());
  const keep = () => writeState(stateFile(), { ...window.getNormalBounds(), maximised: window.isMaximized() });
  for (const event of ['resized', 'moved', 'maximize', 'unmaximize', 'close'] as const)
    window.on(event as 'close', keep);
  recover(window);
  void window.loadURL(`${origin}/index.html`);
  return window;
}

/** Gives the page its end of the channel; a page that was loaded again gets a new one, and the old one is closed. */
export function handOver(window: BrowserWindow, host: Host): void {
  const { port1, port2 } = new MessageChannelMain();
  const connection = windowConnection(port1);
  void host.connect(connection);
  window.webContents.postMessage('lowland-port', null, [port2]);
  const close = () => connection.close();
  window.webContents.once('did-start-navigation', (_event, _url, inPlace, isMainFrame) => {
    if (isMainFrame && !inPlace) close();
  });
  window.webContents.once('render-process-gone', close);
  window.once('closed', close);
}

function recover(window: BrowserWindow): void {
  let reloads: number[] = [];
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit' || window.isDestroyed()) return;
    reloads = [...reloads.filter((time) => Date.now() - time < 60_000), Date.now()];
    // the address of the page holds view and selection, and the window keeps it
    if (reloads.length <= mostReloads) window.webContents.reload();
    else void offer(window, `The window's process ended ${reloads.length} times in a minute (${reason}).`);
  });
  window.on('unresponsive', () => void offer(window, 'The window does not answer. Jobs go on all the same.'));
}

async function offer(window: BrowserWindow, message: string): Promise<void> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'warning',
    message,
    buttons: ['Load it again', 'Wait'],
    defaultId: 0,
    cancelId: 1,
  });
  if (response === 0 && !window.isDestroyed()) window.webContents.reload();
}
