/** The application as it is packed: its fuses, its files from an archive, each view, and a run that trains there. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { type Browser, type Page, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { packageRoot } from '../../core/lib/paths';
import { electronMissing, ownDisplay } from '../e2e/shells';

const missing = process.platform === 'linux' ? electronMissing : 'it is packed and started on Linux here';

describe.skipIf(missing !== undefined)(missing ?? 'the packed application', () => {
  let folder: string;
  let program: string;
  let running: ChildProcess;
  let display: { readonly name: string; close(): void };
  let browser: Browser;
  let page: Page;
  const errors: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'lowland-packed-'));
    const dist = path.join(packageRoot, 'tools/dist.mjs');
    execFileSync(process.execPath, [dist, '--dir', `-c.directories.output=${folder}`], { stdio: 'ignore' });
    program = path.join(folder, 'linux-unpacked/lowland');
    display = await ownDisplay();
    running = spawn(
      program,
      [
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        ...['--remote-debugging-port=0', '--engine=wasm', `--data-dir=${path.join(folder, 'data')}`],
        `--user-data-dir=${path.join(folder, 'user')}`,
      ],
      { env: { ...process.env, DISPLAY: display.name }, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    browser = await chromium.connectOverCDP(await debugAddress(running), { noDefaults: true });
    const [first] = browser.contexts().flatMap((context) => context.pages());
    if (!first) throw new Error('the packed application shows no page');
    page = first;
    page.setDefaultTimeout(60_000);
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    page.on('pageerror', (error) => errors.push(error.message));
    await page.getByRole('button', { name: 'Skip, look around' }).click();
  });
  afterAll(async () => {
    await browser?.close();
    if (running?.exitCode === null) {
      const ended = new Promise((resolve) => running.once('exit', resolve));
      running.kill();
      await ended;
    }
    display?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('runs nothing but its own archive', async () => {
    const fuses = await getCurrentFuseWire(program);
    const wanted: readonly (readonly [FuseV1Options, boolean])[] = [
      [FuseV1Options.RunAsNode, false],
      [FuseV1Options.EnableCookieEncryption, true],
      [FuseV1Options.EnableNodeOptionsEnvironmentVariable, false],
      [FuseV1Options.EnableNodeCliInspectArguments, false],
      [FuseV1Options.EnableEmbeddedAsarIntegrityValidation, true],
      [FuseV1Options.OnlyLoadAppFromAsar, true],
    ];
    for (const [fuse, on] of wanted)
      expect([FuseV1Options[fuse], String.fromCharCode(fuses[fuse])]).toEqual([FuseV1Options[fuse], on ? '1' : '0']);
  });

  it('leaves outside its archive only what has to be a file of its own', () => {
    const outside = readdirSync(path.join(folder, 'linux-unpacked/resources/app.asar.unpacked/node_modules'));
    expect(outside.sort()).toEqual(['@resvg', '@tensorflow', 'webgpu']);
  });

  it.each([
    ['#/datasets?dataset=fashion-mnist-mini', 'canvas[data-tiles]'],
    ['#/train', 'main'],
    ['#/generate', '[role=listbox] [role=option]'],
    ['#/energy?resolution=21', 'main [role=application]'],
    ['#/attack', 'main'],
    ['#/models', 'main :text("fashion/jeat")'],
  ])('opens %s', async (hash, ready) => {
    await page.evaluate((to) => void (location.hash = to), hash);
    await page.locator(ready).first().waitFor();
    expect(await page.getByRole('alert').allTextContents()).toEqual([]);
  });

  it('trains, and is paused with a checkpoint when it is ended', async () => {
    await page.evaluate(() => void (location.hash = '#/train'));
    await page.getByRole('button', { name: 'New run' }).first().click();
    await page.getByRole('button', { name: /demo\/jeat/ }).click();
    await page.getByLabel('Name', { exact: true }).fill('packed');
    await page.getByRole('button', { name: 'Start training' }).click();
    await page.waitForFunction(() => /step\s+([2-9]|1\d)/.test(document.querySelector('main')?.textContent ?? ''));
    expect(errors).toEqual([]);
    const ended = new Promise((resolve) => running.once('exit', resolve));
    running.kill();
    expect(await ended).toBe(0);
    const manifest = await readFile(path.join(folder, 'data/runs/packed/run.json'), 'utf8');
    expect(JSON.parse(manifest)).toMatchObject({ status: 'stopped', engine: 'wasm' });
  });
});

/** Where the application is debugged, as it says on its way up, once it has a page. */
async function debugAddress(child: ChildProcess): Promise<string> {
  const port = await new Promise<string>((resolve, reject) => {
    let said = '';
    child.stderr?.on('data', (text: Buffer) => {
      said += text.toString();
      const found = /ws:\/\/[\d.]+:(\d+)/.exec(said)?.[1];
      if (found) resolve(found);
    });
    child.once('exit', (code) => reject(new Error(`the packed application ended with ${String(code)}: ${said}`)));
  });
  const address = `http://127.0.0.1:${port}`;
  await vi.waitFor(async () => expect(await (await fetch(`${address}/json`)).text()).toContain('app://lowland/'), {
    timeout: 30_000,
  });
  return address;
}
