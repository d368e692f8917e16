/** The shell in a real Electron: what a page may not do there, and what a window survives. */
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { ElectronApplication, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { electronMissing, launchElectron } from '../e2e/shells';

if (electronMissing && process.env.LOWLAND_REQUIRE_SHELLS === '1')
  throw new Error(`Electron must run here, and ${electronMissing}`);

let folder: string;
let app: ElectronApplication;
let page: Page;
let close: () => Promise<void>;

async function start(): Promise<void> {
  folder = await mkdtemp(path.join(os.tmpdir(), 'lowland-shell-'));
  ({ app, close } = await launchElectron(folder));
  page = await app.firstWindow();
  page.setDefaultTimeout(60_000);
  await page.getByRole('button', { name: 'Skip, look around' }).click();
}
async function end(): Promise<void> {
  await close().catch(() => undefined);
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}
/** The page is joined to the host: the engine's name comes from there. */
const joined = (of: Page): Promise<void> => of.getByRole('contentinfo', { name: 'Status' }).getByText(/wasm/).waitFor();
const windows = (): Promise<number> => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length);

describe.skipIf(electronMissing !== undefined)(electronMissing ?? 'a page', () => {
  beforeAll(start);
  afterAll(end);

  it('has nothing of Node and nothing of Electron but the bridge', async () => {
    const there = await page.evaluate(() =>
      ['require', 'process', 'module', 'Buffer', 'global', '__dirname', 'electron', 'ipcRenderer'].filter(
        (name) => name in globalThis,
      ),
    );
    expect(there).toEqual([]);
    expect(await page.evaluate(() => Object.keys(window.lowlandBridge ?? {}).sort())).toEqual(
      [
        ...['copyImage', 'copyText', 'notify', 'onMenu', 'open', 'openFolder', 'ready', 'save', 'setBusy'],
        ...['setCommands', 'setProgress', 'startDrag'],
      ].sort(),
    );
  });

  it('runs no script but its own', async () => {
    const blocked = await page.evaluate(async () => {
      const seen: string[] = [];
      document.addEventListener('securitypolicyviolation', (event) => seen.push(event.effectiveDirective));
      const add = (change: (script: HTMLScriptElement) => void) => {
        const script = document.createElement('script');
        change(script);
        document.head.append(script);
      };
      add((script) => (script.textContent = 'globalThis.hacked = true'));
      add((script) => (script.src = 'https://example.com/a.js'));
      const image = document.createElement('img');
      image.setAttribute('onerror', 'globalThis.hacked = true');
      image.src = './missing.png';
      document.body.append(image);
      await fetch('https://example.com/').catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 500));
      image.remove();
      return { hacked: 'hacked' in globalThis, seen: [...new Set(seen)].sort() };
    });
    expect(blocked).toEqual({ hacked: false, seen: ['connect-src', 'script-src-attr', 'script-src-elem'] });
  });

  it('opens no window, and only links that may be opened outside', async () => {
    await app.evaluate(({ shell }) => {
      shell.openExternal = (address) => {
        Reflect.set(globalThis, 'openedOutside', [
          ...((Reflect.get(globalThis, 'openedOutside') as []) ?? []),
          address,
        ]);
        return Promise.resolve();
      };
    });
    expect(
      await page.evaluate(() => [
        window.open('https://example.com/'),
        window.open('https://github.com.evil/'),
        window.open('https://arxiv.org/abs/2108.09093'),
        window.open(location.href),
      ]),
    ).toEqual([null, null, null, null]);
    expect(await windows()).toBe(1);
    expect(await app.evaluate(() => Reflect.get(globalThis, 'openedOutside') as unknown)).toEqual([
      'https://arxiv.org/abs/2108.09093',
    ]);
  });

  it('is granted nothing that it might ask the user for', async () => {
    const answers = await page.evaluate(async () => ({
      notifications: await Notification.requestPermission(),
      place: await new Promise((resolve) =>
        navigator.geolocation.getCurrentPosition(
          () => resolve('known'),
          ({ code }) => resolve(code),
        ),
      ),
      camera: await navigator.mediaDevices.getUserMedia({ video: true }).then(
        () => 'seen',
        // where there is no camera, that is what is said first
        ({ name }: Error) => /^Not(Allowed|Found)Error$/.test(name),
      ),
      clipboard: await navigator.clipboard.readText().catch((error: Error) => error.name),
    }));
    expect(answers).toEqual({
      notifications: 'denied',
      place: 1,
      camera: true,
      clipboard: 'NotAllowedError',
    });
  });

  it.each([
    '..%2f..%2fpackage.json',
    '%2e%2e/%2e%2e/package.json',
    '..%5c..%5cpackage.json',
    '/etc/passwd',
    'absent.js',
  ])('gets no file outside the build: %s', async (escape) => {
    const status = await page.evaluate(
      async (to) => (await fetch(`app://lowland/${to}`).catch(() => undefined))?.status,
      escape,
    );
    expect(status).toBe(404);
  });

  it('gets a sentence when the shell refuses', async () => {
    const said = await page.evaluate(() =>
      window.lowlandBridge
        ?.save('../escape.svg', new Uint8Array(1), 'image/svg+xml')
        .catch((error: Error) => error.message),
    );
    expect(said).toMatch(/^'save' was asked in another form/);
  });

  it('is joined to the host again after it was loaded again', async () => {
    await joined(page);
    for (let i = 0; i < 3; i++) {
      await page.reload();
      await joined(page);
    }
  });

  it('is one of several, each with its own way to the host', async () => {
    const [second] = await Promise.all([
      app.waitForEvent('window'),
      app.evaluate(({ Menu }) => {
        const file = Menu.getApplicationMenu()?.items.find(({ label }) => label === 'File');
        file?.submenu?.items.find(({ label }) => label === 'New window')?.click();
      }),
    ]);
    await joined(second);
    await second.close();
    await page.reload();
    await joined(page);
    expect(await windows()).toBe(1);
  });

  // from here on Playwright waits for the navigation that never comes, so the shell is asked
  it('stays where it is, and joined to the host', async () => {
    const { address, ports } = await app.evaluate(async ({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      if (!contents) throw new Error('no window');
      let given = 0;
      const post = contents.postMessage.bind(contents);
      contents.postMessage = (...message) => {
        given++;
        post(...message);
      };
      await contents.executeJavaScript(`location.href = 'https://example.com/'`);
      await new Promise((resolve) => setTimeout(resolve, 1500));
      return { address: contents.getURL(), ports: given };
    });
    expect(address).toMatch(/^app:\/\/lowland\/index.html/);
    expect(ports).toBe(0);
  });

  it('comes back where it was when its process is killed', async () => {
    const where = await app.evaluate(async ({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      if (!contents) return undefined;
      await contents.executeJavaScript(`location.hash = '#/models?model=fashion%2Fjeat'`);
      const back = new Promise((resolve) => contents.once('did-finish-load', () => resolve(undefined)));
      contents.forcefullyCrashRenderer();
      await back;
      const look = `new Promise((resolve) => {
        const again = () => (/wasm/.test(document.querySelector('[aria-label=Status]')?.textContent ?? '')
          ? resolve(location.hash) : setTimeout(again, 100));
        again();
      })`;
      return (await contents.executeJavaScript(look)) as string;
    });
    expect(where).toMatch(/^#\/models\?.*model=fashion%2Fjeat/);
  });
});

describe.skipIf(electronMissing !== undefined)(electronMissing ?? 'leaving while a run trains', () => {
  beforeEach(async () => {
    await start();
    await page.evaluate(() => {
      location.hash = '#/train';
    });
    await page.getByRole('button', { name: 'New run' }).first().click();
    await page.getByRole('button', { name: /demo\/jeat/ }).click();
    await page.getByLabel('Name', { exact: true }).fill('leaving');
    await page.getByRole('button', { name: 'Start training' }).click();
    await page.waitForFunction(() => /step\s+[1-9]/.test(document.querySelector('main')?.textContent ?? ''));
  });
  afterEach(end);

  const gone = () => new Promise<void>((resolve) => void app.process().once('exit', () => resolve()));
  /** The run as it lies on disk when nobody works on it any more. */
  async function paused(): Promise<void> {
    const run = path.join(folder, 'runs', 'leaving');
    const manifest = JSON.parse(await readFile(path.join(run, 'run.json'), 'utf8')) as { status: string };
    expect(manifest.status).toBe('stopped');
    expect(await readdir(path.join(run, 'checkpoints'))).toContainEqual(expect.stringMatching(/^step-[1-9]/));
  }

  it('stays when the user wants to, and pauses the run with a checkpoint when not', async () => {
    await app.evaluate(({ app: electron, dialog }) => {
      dialog.showMessageBoxSync = () => 1;
      electron.quit();
    });
    await page.waitForTimeout(1500);
    expect(await windows()).toBe(1);
    const ended = gone();
    await app.evaluate(({ app: electron, dialog }) => {
      dialog.showMessageBoxSync = () => 0;
      electron.quit();
    });
    await ended;
    await paused();
  });

  it.each([
    ['the system ends the application', (pid: number) => process.kill(pid, 'SIGTERM')],
    // a terminal tells all processes of its group
    ['Ctrl-C is pressed', (pid: number) => process.kill(-pid, 'SIGINT')],
  ])('pauses the run without a question when %s', async (_what, tell) => {
    const ended = gone();
    tell(app.process().pid ?? 0);
    await ended;
    await paused();
  });
});
