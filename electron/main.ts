/** The application: one host, its windows, the menu, and a question before leaving while a job runs. */
import path from 'node:path';
import { BrowserWindow, app, dialog, ipcMain, session } from 'electron';
import * as v from 'valibot';
import { createHost } from '../core/host/host';
import { dataFolder } from '../core/lib/paths';
import { answerBridge } from './bridge';
import { commandsSchema, showMenu } from './menu';
import { utilityChild } from './ports';
import { Projects } from './projects';
import { claimScheme, serveRenderer } from './protocol';
import { denyPermissions, fromUs, keepAllAtHome } from './security';
import { handOver, openWindow } from './window';

claimScheme();
keepAllAtHome();

const asked = process.argv.find((argument) => argument.startsWith('--data-dir='))?.slice('--data-dir='.length);
const engine = process.argv.find((argument) => argument.startsWith('--engine='))?.slice('--engine='.length) ?? '';
const folder = dataFolder(asked);

if (!app.requestSingleInstanceLock({ folder })) app.quit();
else void run();

async function run(): Promise<void> {
  app.on('second-instance', focusFirst);
  await app.whenReady();
  denyPermissions(session.defaultSession);
  serveRenderer(path.join(__dirname, '../renderer'));
  const host = createHost({ dataFolder: folder, spawn: utilityChild, engine });
  const projects = new Projects(path.join(app.getPath('userData'), 'projects.json'));
  projects.opened(folder);
  answerBridge();
  ipcMain.handle('lowland:ready', (event) => {
    const window = BrowserWindow.fromWebContents(event.sender);
    if (fromUs(event) && window) handOver(window, host);
  });
  ipcMain.handle('lowland:setBusy', () => undefined);
  ipcMain.handle('lowland:setCommands', (event, given: unknown) => {
    const window = BrowserWindow.fromWebContents(event.sender);
    const parsed = v.safeParse(commandsSchema, given);
    if (fromUs(event) && window && parsed.success)
      showMenu(window, parsed.output, { recent: projects.recent, open: (place) => void openProject(window, place) });
  });
  openWindow();
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) openWindow();
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  leaveWell(host);
}

/** A job that runs is paused with a checkpoint; the user is asked only then. */
function leaveWell(host: ReturnType<typeof createHost>): void {
  let leaving = false;
  app.on('before-quit', (event) => {
    if (leaving) return;
    event.preventDefault();
    const running = host.jobs.value.filter(({ state }) => state === 'running');
    const [first] = running;
    if (first && !process.env.LOWLAND_TEST_SAVE_FOLDER && ask(first.title) === 1) return;
    leaving = true;
    void host.dispose().finally(() => app.quit());
  });
}

const ask = (title: string): number =>
  dialog.showMessageBoxSync({
    type: 'question',
    message: `'${title}' is running.`,
    detail: 'It is paused with a checkpoint, and can be resumed.',
    buttons: ['Pause it and quit', 'Stay'],
    defaultId: 0,
    cancelId: 1,
  });

function focusFirst(): void {
  const [window] = BrowserWindow.getAllWindows();
  if (!window) return;
  if (window.isMinimized()) window.restore();
  window.focus();
}

/** Another data folder is another host, so the application starts anew with it. */
async function openProject(window: BrowserWindow, place?: string): Promise<void> {
  const chosen =
    place ??
    (await dialog.showOpenDialog(window, { title: 'Open project', properties: ['openDirectory', 'createDirectory'] }))
      .filePaths[0];
  if (!chosen) return;
  const others = process.argv.slice(1).filter((argument) => !argument.startsWith('--data-dir='));
  app.relaunch({ args: [...others, `--data-dir=${chosen}`] });
  app.quit();
}
