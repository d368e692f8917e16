/** Each view, light and dark, in a usual and a small window: nothing cut off, nothing blank, no error, nothing that axe finds serious. */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blankCanvases, clipped, seriousFindings } from './checks';
import { type Running, shells } from './shells';

const views: readonly (readonly [name: string, hash: string, ready: string])[] = [
  ['Datasets', '#/datasets?dataset=fashion-mnist-mini&index=3', 'canvas[data-tiles]'],
  ['Train', '#/train', 'main'],
  ['Generate', '#/generate', '[role=listbox] [role=option]'],
  ['Energy', '#/energy?resolution=21', 'main [role=application]'],
  ['Attack', '#/attack', 'main'],
  ['Models', '#/models', 'main h3, main h2'],
];
const sizes = [
  { width: 1280, height: 800 },
  { width: 900, height: 600 },
];
const table = views.flatMap(([view, hash, ready]) =>
  (['light', 'dark'] as const).flatMap((theme) => sizes.map((size) => ({ view, hash, ready, theme, ...size }))),
);

const required = process.env.LOWLAND_REQUIRE_SHELLS === '1';
describe.each(shells.map((shell) => [shell.name, shell] as const))('in %s', (_name, shell) => {
  if (shell.missing && required) throw new Error(`${shell.name} must run here, and ${shell.missing}`);
  describe.skipIf(shell.missing !== undefined)(shell.missing ?? 'the views', () => {
    let folder: string;
    let running: Running;
    let page: Page;
    const errors: string[] = [];
    beforeAll(async () => {
      folder = await mkdtemp(path.join(os.tmpdir(), 'lowland-looks-'));
      running = await shell.start(folder);
      page = running.page;
      page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
      page.on('pageerror', (error) => errors.push(error.message));
      await page.getByRole('button', { name: 'Skip, look around' }).click();
    });
    afterAll(async () => {
      await running?.close();
      await rm(folder, { recursive: true, force: true });
    });

    it.each(table)('$view, $theme, $width x $height', async ({ hash, ready, theme, width, height }) => {
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
      await page.evaluate((to) => void (location.hash = to), hash);
      await page.locator(ready).first().waitFor();
      await page.waitForTimeout(2500);
      expect(await clipped(page)).toEqual([]);
      expect(await blankCanvases(page)).toEqual([]);
      expect(await seriousFindings(page)).toEqual([]);
      expect(errors.splice(0)).toEqual([]);
    });
  });
});
