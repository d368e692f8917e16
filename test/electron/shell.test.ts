/** The shell with an Electron that only remembers what it was asked: pages and their policy, permissions, senders, calls, leaving. */
import { EventEmitter } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';

const electron = vi.hoisted(() => ({
  handlers: new Map<string, (event: unknown, ...given: unknown[]) => Promise<unknown>>(),
  window: { setProgressBar: vi.fn() } as object | null,
  answer: 0,
  filePath: '',
  opened: [] as string[],
}));
vi.mock('electron', async () => {
  const { EventEmitter: Emitter } = await import('node:events');
  const app = Object.assign(new Emitter(), { quit: vi.fn() });
  return {
    app,
    protocol: { handle: vi.fn(), registerSchemesAsPrivileged: vi.fn() },
    shell: { openExternal: (address: string) => electron.opened.push(address), openPath: vi.fn(async () => '') },
    ipcMain: {
      handle: (name: string, handler: (event: unknown) => Promise<unknown>) => electron.handlers.set(name, handler),
    },
    BrowserWindow: { fromWebContents: () => electron.window, getAllWindows: () => [] },
    Notification: { isSupported: () => false },
    clipboard: { writeText: vi.fn(), writeImage: vi.fn() },
    nativeImage: { createFromBuffer: () => ({ isEmpty: () => true }) },
    dialog: {
      showMessageBoxSync: vi.fn(() => electron.answer),
      showSaveDialog: async () => ({ filePath: electron.filePath }),
      showOpenDialog: async () => ({ filePaths: [electron.filePath] }),
    },
  };
});

const { app, dialog, clipboard } = await import('electron');
const { answerPage } = await import('../../electron/protocol');
const { denyPermissions, fromUs, keepAllAtHome } = await import('../../electron/security');
const { answerBridge } = await import('../../electron/bridge');
const { Leaving } = await import('../../electron/leaving');

const folder = mkdtempSync(path.join(os.tmpdir(), 'lowland-shell-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('app://lowland', () => {
  const site = path.join(folder, 'site');
  mkdirSync(path.join(site, 'assets'), { recursive: true });
  writeFileSync(path.join(site, 'index.html'), '<!doctype html>');
  writeFileSync(path.join(site, 'assets', 'a.js'), 'export {};');
  writeFileSync(path.join(folder, 'secret.html'), 'secret');

  it.each([
    ['app://lowland/', 'text/html; charset=utf-8'],
    ['app://lowland/index.html?x#/train', 'text/html; charset=utf-8'],
    ['app://lowland/assets/a.js', 'text/javascript; charset=utf-8'],
  ])('gives %s', async (address, type) => {
    const { status, headers } = await answerPage(site, address);
    expect([status, headers['Content-Type']]).toEqual([200, type]);
  });

  it('lets a page run and load what is its own, and nothing unsafe', async () => {
    const { headers } = await answerPage(site, 'app://lowland/');
    const policy = headers['Content-Security-Policy'] ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("style-src 'self';");
    expect(policy).not.toMatch(/unsafe|\*|http/);
    expect(headers['X-Content-Type-Options']).toBe('nosniff');
  });

  it.each([
    ['app://lowland/../secret.html', 404],
    ['app://lowland/%2e%2e/secret.html', 404],
    ['app://lowland/..%2fsecret.html', 404],
    ['app://lowland/%2e%2e%5csecret.html', 404],
    ['app://lowland//etc/passwd', 404],
    ['app://lowland/assets', 404],
    ['app://lowland/%00.html', 404],
    ['app://lowland/%E0%A4%A.html', 404],
    ['app://other/index.html', 403],
  ])('refuses %s', async (address, expected) => {
    const { status, body } = await answerPage(site, address);
    expect(status).toBe(expected);
    expect(new TextDecoder().decode(body)).not.toContain('secret');
  });
});

describe('permissions', () => {
  it('are denied, all but writing to the clipboard', () => {
    const session = {
      setPermissionRequestHandler: vi.fn(),
      setPermissionCheckHandler: vi.fn(),
      setDevicePermissionHandler: vi.fn(),
    };
    denyPermissions(session as never);
    const check = session.setPermissionCheckHandler.mock.calls[0]?.[0] as (contents: null, name: string) => boolean;
    const request = session.setPermissionRequestHandler.mock.calls[0]?.[0] as (
      contents: null,
      name: string,
      answer: (granted: boolean) => void,
    ) => void;
    for (const name of [
      'media',
      'geolocation',
      'notifications',
      'midi',
      'fullscreen',
      'clipboard-read',
      'openExternal',
    ]) {
      expect([name, check(null, name)]).toEqual([name, false]);
      request(null, name, (granted) => expect([name, granted]).toEqual([name, false]));
    }
    expect(check(null, 'clipboard-sanitized-write')).toBe(true);
    expect((session.setDevicePermissionHandler.mock.calls[0]?.[0] as () => boolean)()).toBe(false);
  });
});

describe('pages', () => {
  const contents = Object.assign(new EventEmitter(), {
    open: undefined as ((request: { url: string }) => { action: string }) | undefined,
    setWindowOpenHandler(handler: (request: { url: string }) => { action: string }) {
      this.open = handler;
    },
  });
  keepAllAtHome();
  app.emit('web-contents-created', {}, contents);

  it.each(['will-navigate', 'will-redirect'])('do not go elsewhere (%s)', (name) => {
    const going = (address: string) => {
      const event = { preventDefault: vi.fn() };
      contents.emit(name, event, address);
      return event.preventDefault.mock.calls.length === 0;
    };
    expect(going('app://lowland/index.html')).toBe(true);
    expect(going('https://evil.example/')).toBe(false);
    expect(going('file:///etc/passwd')).toBe(false);
  });

  it('open no window; links to papers open in the browser of the user', () => {
    expect(contents.open?.({ url: 'https://arxiv.org/abs/2108.09093' })).toEqual({ action: 'deny' });
    expect(contents.open?.({ url: 'https://evil.example/' })).toEqual({ action: 'deny' });
    expect(contents.open?.({ url: 'app://lowland/index.html' })).toEqual({ action: 'deny' });
    expect(electron.opened).toEqual(['https://arxiv.org/abs/2108.09093']);
  });

  it('hold no other page', () => {
    const event = { preventDefault: vi.fn() };
    contents.emit('will-attach-webview', event);
    expect(event.preventDefault).toHaveBeenCalled();
  });
});

describe('calls', () => {
  const ready = vi.fn();
  answerBridge({ ready, setCommands: vi.fn() });
  const ours = { sender: {}, senderFrame: { url: 'app://lowland/index.html', parent: null } };
  const call = (name: string, event: unknown, ...given: unknown[]) =>
    electron.handlers.get(`lowland:${name}`)?.(event, ...given);

  it.each([
    ['another page', { senderFrame: { url: 'https://evil.example/', parent: null } }],
    ['a frame within ours', { senderFrame: { url: 'app://lowland/index.html', parent: {} } }],
    ['a page that has gone', { senderFrame: null }],
  ])('of %s are refused, each of them', async (_who, event) => {
    expect(fromUs(event as never)).toBe(false);
    for (const name of electron.handlers.keys())
      expect(await call(name.replace('lowland:', ''), { sender: {}, ...event })).toEqual({
        problem: 'This page may not ask the shell.',
      });
    expect(ready).not.toHaveBeenCalled();
  });

  it('in another form are refused with a sentence', async () => {
    expect(await call('save', ours, '../x', new Uint8Array(1), '')).toMatchObject({
      problem: expect.stringContaining("'save' was asked in another form") as string,
    });
  });

  it('save a file whole where the user says, and nothing when they cancel', async () => {
    electron.filePath = path.join(folder, 'saved.svg');
    const bytes = new TextEncoder().encode('<svg/>');
    expect(await call('save', ours, 'figure.svg', bytes, 'image/svg+xml')).toEqual({ value: electron.filePath });
    expect(readFileSync(electron.filePath, 'utf8')).toBe('<svg/>');
    electron.filePath = '';
    expect(await call('save', ours, 'figure.svg', bytes, 'image/svg+xml')).toEqual({ value: null });
  });

  it('open what the user chose', async () => {
    electron.filePath = path.join(folder, 'saved.svg');
    const { value } = (await call('open', ours, { title: 'Open' })) as { value: { name: string; bytes: Uint8Array }[] };
    expect(value.map(({ name, bytes }) => [name, bytes.byteLength])).toEqual([['saved.svg', 6]]);
  });

  it('say in a sentence what cannot be done', async () => {
    expect(await call('copyImage', ours, new Uint8Array([1, 2]))).toEqual({
      problem: 'This is no picture that can be copied.',
    });
    expect(clipboard.writeImage).not.toHaveBeenCalled();
    expect(await call('openFolder', ours, path.join(folder, 'absent'))).toMatchObject({
      problem: expect.stringContaining('is no folder any more') as string,
    });
    electron.filePath = path.join(folder, 'absent', '\0');
    expect(await call('save', ours, 'a.svg', new Uint8Array(1), '')).toHaveProperty('problem');
  });
});

describe('leaving', () => {
  const job = (state: string) => ({ title: 'Train jeat', state });
  beforeEach(() => {
    app.removeAllListeners('before-quit');
    vi.mocked(app.quit).mockClear();
    vi.mocked(dialog.showMessageBoxSync).mockClear();
  });
  const leave = (...states: string[]) => {
    const host = { jobs: { value: states.map(job) }, dispose: vi.fn(async () => undefined) };
    const leaving = new Leaving(host as never);
    const quit = () => {
      const event = { preventDefault: vi.fn() };
      app.emit('before-quit', event);
      return event.preventDefault.mock.calls.length === 0;
    };
    return { host, leaving, quit };
  };

  it('asks nothing while nothing runs, and ends the host first', async () => {
    const { host, quit } = leave('done', 'paused', 'queued');
    expect(quit()).toBe(false);
    expect(dialog.showMessageBoxSync).not.toHaveBeenCalled();
    expect(host.dispose).toHaveBeenCalledOnce();
    await vi.waitFor(() => expect(app.quit).toHaveBeenCalledOnce());
    expect(quit()).toBe(true);
  });

  it('asks once while a job runs, and stays when told to', () => {
    const { host, quit, leaving } = leave('running');
    electron.answer = 1;
    expect(quit()).toBe(false);
    expect(host.dispose).not.toHaveBeenCalled();
    electron.answer = 0;
    expect(leaving.agreed()).toBe(true);
    expect(quit()).toBe(false);
    expect(host.dispose).toHaveBeenCalledOnce();
    expect(dialog.showMessageBoxSync).toHaveBeenCalledTimes(2);
  });

  it('does not close the last window when the user stays', () => {
    const { leaving } = leave('running');
    const window = new EventEmitter();
    leaving.guard(window as never);
    const event = { preventDefault: vi.fn() };
    electron.answer = 1;
    window.emit('close', event);
    expect(event.preventDefault).toHaveBeenCalledTimes(process.platform === 'darwin' ? 0 : 1);
  });
});
