/** Each view, light and dark, in a usual and a small window: nothing cut off, nothing blank, no error, nothing that axe finds serious. */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blankCanvases, clipped, overlapping, seriousFindings } from './checks';
import { evaluate, prepare, train } from './prepared';
import { type Running, shells } from './shells';

/** What each view shows when it is there. */
const views: readonly (readonly [name: string, hash: string, ready: (page: Page) => Promise<unknown>])[] = [
  ['Datasets, all', '#/datasets', (page) => page.getByRole('link', { name: 'Fashion-MNIST mini' }).waitFor()],
  [
    'Datasets, an image',
    '#/datasets?dataset=fashion-mnist-mini&index=3&model=fashion/jeat',
    (page) => page.locator('canvas[data-tiles]').waitFor(),
  ],
  ['Train, a run', '#/train?run=looks-jeat', (page) => page.getByRole('button', { name: /^Loss -?[−\d.]+/ }).waitFor()],
  [
    'Train, two runs',
    '#/train?run=looks-jeat&with=looks-natural',
    (page) => page.getByRole('complementary', { name: 'What differs' }).waitFor(),
  ],
  ['Train, a table', '#/train?table=1', (page) => page.getByRole('row').nth(1).waitFor()],
  [
    'Generate',
    '#/generate?model=fashion/jeat&n=20',
    (page) => page.locator('[role=listbox] [role=option]').first().waitFor({ state: 'attached' }),
  ],
  ['Energy', '#/energy?points=21', (page) => page.locator('main [role=application]').first().waitFor()],
  ['Energy, flatness', '#/energy?show=flatness', (page) => page.locator('main').waitFor()],
  ['Attack', '#/attack', (page) => page.getByRole('gridcell').first().waitFor()],
  ['Models', '#/models?model=fashion/jeat', (page) => page.getByText('fashion/jeat').first().waitFor()],
  ['Models, a table', '#/models?show=table', (page) => page.getByRole('row').nth(1).waitFor()],
];
const sizes = [
  { width: 1280, height: 800 },
  { width: 900, height: 600 },
];
const table = views.flatMap(([view, hash, ready]) => sizes.map((size) => ({ view, hash, ready, ...size })));

const short = { steps: '40', evaluateEvery: '20', sampleEvery: '20', checkpointEvery: '20', evaluationImages: '32' };
const jobs = [
  train('toy/jeat', 'looks-jeat', short),
  train('toy/natural', 'looks-natural', short),
  evaluate('fashion/natural', 'fashion-mnist-mini', 50, [0.05, 0.1]),
  evaluate('fashion/jeat', 'fashion-mnist-mini', 50, [0.05, 0.1]),
];

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
      await prepare(folder, jobs);
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

    async function expectGoodLooks(theme: string) {
      expect(await clipped(page), theme).toEqual([]);
      expect(await overlapping(page), theme).toEqual([]);
      expect(await blankCanvases(page), theme).toEqual([]);
      expect(await seriousFindings(page), theme).toEqual([]);
      expect(errors.splice(0), theme).toEqual([]);
    }

    it.each(table)('$view, $width x $height', async ({ hash, ready, width, height }) => {
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
      // from another view, so that this one is made anew
      await page.evaluate((to) => {
        location.hash = to === '#/models' ? '#/attack' : '#/models';
      }, hash);
      await page.evaluate((to) => void (location.hash = to), hash);
      await ready(page);
      await page.waitForTimeout(1500);
      await expectGoodLooks('light');
      await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
      await page.waitForTimeout(500);
      await expectGoodLooks('dark');
    });
  });
});
