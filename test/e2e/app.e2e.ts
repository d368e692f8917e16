/** The application from launch to export, once in each shell: browse, train, pause, resume, sample, energy, export, crash, reload. */
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Running, shells } from './shells';

const required = process.env.LOWLAND_REQUIRE_SHELLS === '1';
const cifar = path.join(process.env.LOWLAND_E2E_DATA ?? '', 'datasets', 'cifar10');
const dataset = process.env.LOWLAND_E2E_DATA && existsSync(cifar) ? 'cifar10' : 'fashion-mnist-mini';

/** In the window: WebGL is refused if `refuse` is, and its contexts are remembered. */
function watchContexts(refuse: boolean) {
  const kept: WebGLRenderingContext[] = [];
  const get = HTMLCanvasElement.prototype.getContext as (this: HTMLCanvasElement, ...given: unknown[]) => unknown;
  Object.assign(window, { keptContexts: kept });
  HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, ...given: unknown[]) {
    const webgl = /webgl/.test(String(given[0]));
    const context = webgl && refuse ? null : get.apply(this, given);
    if (webgl && context) kept.push(context as WebGLRenderingContext);
    return context;
  } as typeof HTMLCanvasElement.prototype.getContext;
}
/** Loses them, as a driver that starts anew does; how many there were. */
function loseContexts(): number {
  const { keptContexts } = window as unknown as { keptContexts: WebGLRenderingContext[] };
  for (const context of keptContexts) context.getExtension('WEBGL_lose_context')?.loseContext();
  return keptContexts.length;
}

describe.each(shells.map((shell) => [shell.name, shell] as const))('in %s', (_name, shell) => {
  if (shell.missing && required) throw new Error(`${shell.name} must run here, and ${shell.missing}`);
  describe.skipIf(shell.missing !== undefined)(shell.missing ?? 'the application', () => {
    let folder: string;
    let running: Running;
    let page: Page;
    const errors: string[] = [];

    beforeAll(async () => {
      folder = await mkdtemp(path.join(os.tmpdir(), 'lowland-e2e-'));
      if (dataset === 'cifar10') {
        await mkdir(path.join(folder, 'datasets'));
        await cp(cifar, path.join(folder, 'datasets', 'cifar10'), { recursive: true });
      }
      running = await shell.start(folder);
      page = running.page;
      page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
      page.on('pageerror', (error) => errors.push(error.message));
      page.setDefaultTimeout(60_000);
    });
    afterAll(async () => {
      await running?.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    });

    const go = (hash: string) => page.evaluate((to) => void (location.hash = to), hash);
    const status = () => page.getByRole('contentinfo', { name: 'Status' });

    it('opens with a first page, and says which engine computes', async () => {
      await page.getByRole('button', { name: 'Skip, look around' }).click();
      await status().getByText(/wasm/).waitFor();
      expect(await page.getByRole('navigation', { name: 'Views' }).getByRole('link').count()).toBe(6);
    });

    it('browses a dataset and goes to an image by its index', async () => {
      await go(`#/datasets?dataset=${dataset}`);
      const atlas = page.locator('canvas[data-tiles]').first();
      await atlas.waitFor();
      await page.waitForFunction(
        () => document.querySelector('canvas[data-tiles]')?.getAttribute('data-pending') === '0',
      );
      await page.getByPlaceholder('Go to image').fill('12');
      await page.keyboard.press('Enter');
      await page.getByText('test 12').first().waitFor();
      expect(await page.evaluate(() => location.hash)).toMatch(/index=12/);
    });

    it('trains a small JEAT run from the form, and draws it while it runs', async () => {
      await page.getByRole('link', { name: 'Train' }).click();
      await page.getByRole('button', { name: 'New run' }).first().click();
      await page.getByRole('button', { name: /demo\/jeat/ }).click();
      await page.getByLabel('Name', { exact: true }).fill('e2e');
      await page.getByRole('button', { name: 'Start training' }).click();
      await page.getByRole('option', { name: /e2e/ }).waitFor();
      await page.getByRole('button', { name: /^Loss -?[−\d.]+/ }).waitFor();
      await page.waitForFunction(() => /step\s+[1-9]/.test(document.querySelector('main')?.textContent ?? ''));
    });

    it('pauses the run, and resumes it', async () => {
      await status()
        .getByRole('button', { name: /^Pause/ })
        .click();
      await status()
        .getByRole('button', { name: /^Resume/ })
        .waitFor();
      const at = await stepOf(page);
      expect(at).toBeGreaterThan(0);
      await status()
        .getByRole('button', { name: /^Resume/ })
        .click();
      await page.waitForFunction(
        (before) =>
          Number(
            /step\s+([\d\s]+) \//.exec(document.querySelector('main')?.textContent ?? '')?.[1]?.replace(/\s/g, ''),
          ) > before,
        at,
        { timeout: 120_000 },
      );
    });

    it('says that the engine was killed, and goes on from the last checkpoint', async () => {
      await page.waitForTimeout(1500);
      await running.killEngine();
      await page
        .getByText(/engine process ended/)
        .first()
        .waitFor();
      await status()
        .getByRole('button', { name: /^Resume/ })
        .click();
      await status().getByText(/wasm/).waitFor();
      await status()
        .getByRole('button', { name: /^Pause/ })
        .waitFor();
      await status().getByRole('button', { name: /^Stop/ }).click();
      await status().getByText('Nothing is running').waitFor();
    });

    it('judges a model, shows what is found while it goes on, and stops', async () => {
      await go('#/models?model=fashion%2Fnatural');
      await page.getByRole('button', { name: 'Judge it' }).click();
      const form = page.getByRole('dialog', { name: 'Judge fashion/natural' });
      await form.getByLabel('Images').fill('2');
      await form.getByLabel('Seed').click();
      await form.getByRole('button', { name: 'Start' }).click();
      await page.getByText('2 of 6: Accuracy against eps').first().waitFor({ timeout: 120_000 });
      await page.getByRole('button', { name: 'Show all it found' }).click();
      await page.getByRole('dialog').getByRole('heading', { name: 'Robustness' }).waitFor();
      await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
      await status().getByRole('button', { name: /^Stop/ }).click();
      await status().getByText('Nothing is running').waitFor();
    });

    it('generates, and exports the grid as PNG with its provenance', async () => {
      await go('#/generate?model=fashion%2Fjeat&n=10');
      await page.getByRole('button', { name: 'Generate', exact: true }).click();
      await page.getByRole('listbox', { name: /at step [1-9]/ }).waitFor({ state: 'attached' });
      await page
        .getByRole('button', { name: 'Pause', exact: true })
        .click()
        .catch(() => undefined);
      const { bytes } = await running.saved(/\.png$/, async () => {
        await page.getByRole('button', { name: 'Export' }).click();
        await page
          .getByRole('menuitem', { name: /grid.*PNG|PNG.*grid/i })
          .first()
          .click();
      });
      expect(bytes.subarray(1, 4).toString()).toBe('PNG');
      expect(bytes.toString('latin1')).toContain('fashion/jeat');
    });

    it('draws the energy of several models, and exports it as SVG', async () => {
      await go('#/energy?points=21');
      await page
        .getByRole('region', { name: 'natural' })
        .getByText(/\d+ × \d+/)
        .waitFor();
      await page
        .getByRole('region', { name: 'jeat', exact: true })
        .getByText(/\d+ × \d+/)
        .waitFor();
      await page.getByRole('button', { name: 'Export', exact: true }).click();
      const dialog = page.getByRole('dialog', { name: 'Export figure' });
      await dialog.getByRole('img', { name: 'Preview of the figure' }).waitFor();
      const { bytes } = await running.saved(/\.svg$/, () => dialog.getByRole('button', { name: 'Save SVG' }).click());
      const text = bytes.toString('utf8');
      expect(text).toMatch(/^<svg/);
      expect(text).toContain('E(x,y)');
      expect(text).toContain('<metadata>');
    });

    const noWebGL = () => page.getByText('This machine has no WebGL, so energies are shown flat.');
    const solid = async () => {
      await page.reload();
      await go('#/energy?points=21&form=solid');
      await page
        .getByRole('region', { name: 'jeat', exact: true })
        .getByText(/\d+ × \d+/)
        .waitFor();
    };

    it('says that the graphics context was lost, and draws energies flat', async () => {
      await page.addInitScript(watchContexts, false);
      await solid();
      if ((await page.evaluate(loseContexts)) > 0)
        await page.getByText('The graphics context was lost, so energies are shown flat.').waitFor();
      else await noWebGL().waitFor();
      await page.locator('main svg.axes').waitFor();
      await go('#/models');
    });

    it('says that there is no WebGL, and draws energies flat', async () => {
      await page.addInitScript(watchContexts, true);
      await solid();
      await noWebGL().waitFor();
      await page.locator('main svg.axes').waitFor();
      await go('#/models');
    });

    it('finds everything again after a reload', async () => {
      await go('#/train?run=e2e');
      await page.getByRole('option', { name: /e2e/ }).waitFor();
      await page.reload();
      await page.getByRole('option', { name: /e2e/ }).waitFor();
      await page.getByRole('button', { name: /^Loss -?[−\d.]+/ }).waitFor();
      expect(await page.evaluate(() => location.hash)).toMatch(/run=e2e/);
      await status().getByText(/wasm/).waitFor();
    });

    it('logged no error but those that were made on purpose', () => {
      expect(errors).toEqual([]);
    });
  });
});

async function stepOf(page: Page): Promise<number> {
  const text = (await page.locator('main').textContent()) ?? '';
  return Number(/step\s+([\d\s]+) \//.exec(text)?.[1]?.replace(/\s/g, ''));
}
