/** A window: where it was, locked up, and brought back to its place when its page dies. */
import path from 'node:path';
import { BrowserWindow, MessageChannelMain, app, dialog, nativeTheme, screen } from 'electron';
import type { Host } from '../core/host/host';
import { origin } from './addresses';
import { windowConnection } from './ports';
import { besideOthers, readState, smallest, visibleBounds, writeState } from './window-state';

const stateFile = (): string => path.join(app.getPath('userData'), 'window.json');
/** A page that dies more often than this within a minute is not loaded again by itself. */
const mostReloads = 3;

export function openWindow(): BrowserWindow {
  const state = readState(stateFile());
  const bounds = visibleBounds(
    state,
    screen.getAllDisplays().map(({ workArea }) => workArea),
  );
  const window = new BrowserWindow({
    ...besideOthers(bounds, BrowserWindow.getAllWindows().length),
    minWidth: smallest.width,
    minHeight: smallest.height,
    show: false,
    // the page's own ground, so that nothing flashes before its first frame
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#14171a' : '#fbfbf9',
    title: 'Lowland',
    icon: path.join(__dirname, '../../assets/icons/256x256.png'),
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

const handed = new WeakMap<BrowserWindow, () => void>();

/** Gives the page its end of the channel; a page that was loaded again gets a new one, and the old one is closed. */
export function handOver(window: BrowserWindow, host: Host): void {
  handed.get(window)?.();
  const contents = window.webContents;
  const { port1, port2 } = new MessageChannelMain();
  const connection = windowConnection(port1);
  void host.connect(connection);
  contents.postMessage('lowland-port', null, [port2]);
  const close = () => {
    contents.off('did-navigate', close);
    contents.off('render-process-gone', close);
    window.off('closed', close);
    connection.close();
  };
  // not when a navigation starts: it may yet be denied
  contents.on('did-navigate', close);
  contents.on('render-process-gone', close);
  window.on('closed', close);
  handed.set(window, close);
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
  let offered = false;
  window.on('unresponsive', () => {
    if (offered) return;
    offered = true;
    void offer(window, 'The window does not answer. Jobs go on all the same.').finally(() => (offered = false));
  });
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
