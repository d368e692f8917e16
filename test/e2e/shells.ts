/** The two shells of the application, each started as a user starts it, and driven in one way. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type ElectronApplication, type Page, _electron, chromium } from 'playwright-core';
import { packageRoot } from '../../core/lib/paths';

export interface Running {
  readonly page: Page;
  /** Does what leads to a saved file, and gives its bytes. */
  saved(name: RegExp, action: () => Promise<void>): Promise<{ name: string; bytes: Buffer }>;
  /** Kills the process that computes, without a word. */
  killEngine(): Promise<void>;
  close(): Promise<void>;
}
export interface Shell {
  readonly name: 'chromium' | 'electron';
  /** Why it cannot run here. */
  readonly missing: string | undefined;
  start(dataFolder: string): Promise<Running>;
}

const firstThere = (...files: (string | undefined)[]) => files.find((file) => file && existsSync(file));
export const chromiumProgram = firstThere(process.env.LOWLAND_CHROMIUM, '/usr/bin/chromium', '/usr/bin/google-chrome');
const electronFolder = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? path.join(packageRoot, 'node_modules/electron/dist');
const electronProgram = firstThere(path.join(electronFolder, 'electron'));
const root = process.getuid?.() === 0;
/** Software draws WebGL where there is no GPU. */
export const chromiumArguments = [...(root ? ['--no-sandbox'] : []), '--enable-unsafe-swiftshader'];

/** Why Electron cannot run here. */
export const electronMissing = electronProgram
  ? displayMissing()
  : `no Electron is found in '${electronFolder}' (ELECTRON_OVERRIDE_DIST_PATH names its folder)`;

export const shells: readonly Shell[] = [
  {
    name: 'chromium',
    missing: chromiumProgram ? undefined : 'no Chromium is found (LOWLAND_CHROMIUM names one)',
    start: startChromium,
  },
  {
    name: 'electron',
    missing: electronMissing,
    start: startElectron,
  },
];

async function startChromium(dataFolder: string): Promise<Running> {
  const { server, url } = await serve(dataFolder);
  const browser = await chromium.launch({
    executablePath: chromiumProgram ?? '',
    args: chromiumArguments,
  });
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, acceptDownloads: true });
  const page = await context.newPage();
  await page.goto(url);
  return {
    page,
    async saved(name, action) {
      const waiting = page.waitForEvent('download');
      await action();
      const download = await waiting;
      if (!name.test(download.suggestedFilename())) throw new Error(`'${download.suggestedFilename()}' was saved`);
      return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
    },
    async killEngine() {
      const [pid] = engineProcesses(server.pid ?? 0);
      if (!pid) throw new Error('no engine process is found');
      process.kill(pid, 'SIGKILL');
    },
    async close() {
      await browser.close();
      await ended(server);
    },
  };
}

/** Children of the server that run the engine. */
const engineProcesses = (parent: number): number[] =>
  execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(parent)], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => /process\.mjs engine/.test(line))
    .map((line) => Number(line.trim().split(' ')[0]));

function serve(dataFolder: string): Promise<{ server: ChildProcess; url: string }> {
  const server = spawn(
    process.execPath,
    [path.join(packageRoot, 'bin/lowland.mjs'), 'serve', '--data-dir', dataFolder, '--engine', 'wasm'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  return new Promise((resolve, reject) => {
    let said = '';
    server.stdout.on('data', (text: Buffer) => {
      said += text.toString();
      const url = /http\S+/.exec(said)?.[0];
      if (url) resolve({ server, url });
    });
    server.once('exit', (code) => reject(new Error(`lowland serve ended with ${String(code)}: ${said}`)));
  });
}

const ended = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    child.removeAllListeners('exit');
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });

/** Electron with its own data folder, its window not yet looked for; nobody answers its dialogs. */
export async function launchElectron(
  dataFolder: string,
): Promise<{ app: ElectronApplication; close(): Promise<void> }> {
  const display = await ownDisplay();
  let launched = 0;
  const app = await reached((attempt) => {
    launched = attempt;
    return _electron.launch({
      executablePath: electronProgram ?? '',
      args: [
        ...(root ? ['--no-sandbox'] : []),
        packageRoot,
        `--data-dir=${dataFolder}`,
        '--engine=wasm',
        `--user-data-dir=${path.join(dataFolder, `electron-${attempt}`)}`,
      ],
      env: { ...process.env, DISPLAY: display.name },
    });
  });
  const close = async () => {
    await app.close();
    // an Electron that was given up still needs it
    if (launched === 1) display.close();
  };
  return { app, close };
}

/**
 * On a busy machine Playwright now and then waits without end for an Electron that has long opened its window, or loses it at once. Then
 * another is launched; the first one ends with the tests, since Playwright takes its end before that for a defect.
 */
async function reached(
  launch: (attempt: number) => Promise<ElectronApplication>,
  attempt = 1,
): Promise<ElectronApplication> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), 25_000)));
  let problem: unknown = new Error('Playwright did not reach it in 25 s');
  const launched = launch(attempt).catch((error: unknown) => void (problem = error));
  const app = await Promise.race([launched, late]);
  clearTimeout(timer);
  if (app) return app;
  if (attempt === 4) throw problem;
  process.stderr.write(`Electron is launched anew: ${String(problem)}\n`);
  return reached(launch, attempt + 1);
}

async function startElectron(dataFolder: string): Promise<Running> {
  const downloads = path.join(dataFolder, 'saved');
  mkdirSync(downloads, { recursive: true });
  const { app, close } = await launchElectron(dataFolder);
  const page = await app.firstWindow();
  // nobody is here to answer the system's dialogs: files are saved in one folder, and what runs is paused at the end
  await app.evaluate(({ BrowserWindow, dialog }, folder) => {
    BrowserWindow.getAllWindows()[0]?.setContentSize(1280, 800);
    dialog.showMessageBoxSync = () => 0;
    dialog.showSaveDialog = (...given: unknown[]) => {
      const options = given.at(-1) as { defaultPath?: string };
      return Promise.resolve({ canceled: false, filePath: `${folder}/${options.defaultPath ?? 'file'}` });
    };
  }, downloads);
  return {
    page,
    async saved(name, action) {
      const before = new Set(listed(downloads));
      await action();
      for (let tries = 0; tries < 300; tries++) {
        const file = listed(downloads).find((known) => !before.has(known) && name.test(known));
        if (file) return { name: file, bytes: readFileSync(path.join(downloads, file)) };
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      throw new Error(`nothing like ${String(name)} was saved`);
    },
    async killEngine() {
      const metrics = await app.evaluate(({ app: electron }) => electron.getAppMetrics());
      const engine = metrics.find(
        (process) => process.name === 'Lowland engine' || process.serviceName === 'Lowland engine',
      );
      if (!engine) throw new Error(`no engine among ${JSON.stringify(metrics.map(({ name, type }) => [name, type]))}`);
      process.kill(engine.pid, 'SIGKILL');
    },
    close,
  };
}

const listed = (folder: string): string[] =>
  execFileSync('ls', [folder], { encoding: 'utf8' })
    .split('\n')
    .filter((name) => name !== '');

function displayMissing(): string | undefined {
  if (process.platform !== 'linux' || process.env.DISPLAY) return undefined;
  try {
    execFileSync('which', ['Xvfb'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'there is neither a display nor Xvfb';
  }
}

/** The display that is there, or a virtual one. */
export async function ownDisplay(): Promise<{ name: string; close(): void }> {
  if (process.env.DISPLAY || process.platform !== 'linux')
    return { name: process.env.DISPLAY ?? '', close: () => undefined };
  // it chooses a free number, and writes it once it can be reached
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1600x1000x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const number = await new Promise<string>((resolve, reject) => {
    let said = '';
    server.stdio[3]?.on('data', (text: Buffer) => {
      said += text.toString();
      if (said.endsWith('\n')) resolve(said.trim());
    });
    server.once('error', reject);
    server.once('exit', (code) => reject(new Error(`Xvfb ended with ${String(code)}`)));
  });
  const name = `:${number}`;
  return { name, close: () => void server.kill() };
}
