/** The application: one host, its windows and their menu. */
import path from 'node:path';
import { BrowserWindow, app, dialog, session, shell } from 'electron';
import { createHost } from '../core/host/host';
import { dataFolder, lowlandVersion } from '../core/lib/paths';
import { answerBridge } from './bridge';
import { Leaving } from './leaving';
import { Menus } from './menu';
import { utilityChild } from './ports';
import { Projects } from './projects';
import { claimScheme, serveRenderer } from './protocol';
import { denyPermissions, keepAllAtHome } from './security';
import { handOver, openWindow } from './window';

const option = (name: string): string | undefined =>
  process.argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3);
const folder = dataFolder(option('data-dir'));

// as root, and in some containers, it cannot work
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
// the surfaces are drawn in software where there is no GPU; only our own pages ever reach it
app.commandLine.appendSwitch('enable-unsafe-swiftshader');
app.setAboutPanelOptions({ applicationName: 'Lowland', applicationVersion: lowlandVersion() });
if (process.platform === 'win32') app.setAppUserModelId('org.lowland.workbench');
claimScheme();
keepAllAtHome();

if (!app.requestSingleInstanceLock()) app.quit();
else void run();

async function run(): Promise<void> {
  app.on('second-instance', focusFirst);
  await app.whenReady();
  denyPermissions(session.defaultSession);
  serveRenderer(path.join(__dirname, '../renderer'));
  const host = createHost({ dataFolder: folder, spawn: utilityChild, engine: option('engine') ?? '' });
  const projects = new Projects(path.join(app.getPath('userData'), 'projects.json'));
  projects.opened(folder);
  const leaving = new Leaving(host);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => leaving.atOnce());
  const open = () => leaving.guard(openWindow());
  const menus = new Menus(() => projects.recent, {
    newWindow: open,
    openProject: (place) => void openProject(leaving, place),
    showData: () => void shell.openPath(folder),
    openPaper: () => void shell.openExternal('https://arxiv.org/abs/2108.09093'),
  });
  answerBridge({
    ready: (window) => handOver(window, host),
    setCommands: (window, commands) => menus.set(window, commands),
  });
  open();
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) open();
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
}

function focusFirst(): void {
  const [window] = BrowserWindow.getAllWindows();
  if (!window) return;
  if (window.isMinimized()) window.restore();
  window.focus();
}

/** Another data folder is another host, so the application starts anew with it. */
async function openProject(leaving: Leaving, place?: string): Promise<void> {
  const { filePaths } = place
    ? { filePaths: [place] }
    : await dialog.showOpenDialog({ title: 'Open project', properties: ['openDirectory', 'createDirectory'] });
  const [chosen] = filePaths;
  if (!chosen || path.resolve(chosen) === folder || !leaving.agreed()) return;
  const others = process.argv.slice(1).filter((argument) => !argument.startsWith('--data-dir='));
  app.relaunch({ args: [...others, `--data-dir=${chosen}`] });
  app.quit();
}
