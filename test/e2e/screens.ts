/** Pictures of every view, light and dark, as docs/screens shows them: in Chromium, against a served host with prepared data. */
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { dataFolder, packageRoot } from '../../core/lib/paths';
import { evaluate, judge, prepare, train } from './prepared';
import { shells } from './shells';

const { values } = parseArgs({
  options: {
    'data-dir': { type: 'string' },
    run: { type: 'string', multiple: true },
    out: { type: 'string' },
    only: { type: 'string', default: '' },
  },
});
const say = (text: string) => process.stderr.write(`${text}\n`);
const shell = shells.find(({ name }) => name === 'chromium');
if (!shell || shell.missing) {
  say(`error: ${shell?.missing ?? 'there is no Chromium.'}`);
  process.exit(3);
}

const out = path.resolve(values.out ?? path.join(packageRoot, 'docs/screens'));
const folder = await mkdtemp(path.join(os.tmpdir(), 'lowland-screens-'));
const cifar = path.join(dataFolder(values['data-dir']), 'datasets', 'cifar10');
const colour = existsSync(cifar);
const dataset = colour ? 'cifar10' : 'fashion-mnist-mini';
const models = colour
  ? ['natural', 'at', 'prejeat', 'jeat'].map((name) => `cifar10/${name}-small`)
  : ['natural', 'at', 'prejeat', 'jeat'].map((name) => `fashion/${name}`);
const jeat = models.at(-1) ?? '';
const eps = colour ? [2 / 255, 4 / 255, 8 / 255] : [0.05, 0.1, 0.15];

interface Scene {
  readonly name: string;
  readonly hash: string;
  /** Brings the view to where it is worth a picture. */
  readonly act: (page: Page) => Promise<unknown>;
}
const settle = (page: Page, milliseconds = 1500) => page.waitForTimeout(milliseconds);
const query = (parameters: Readonly<Record<string, string>>) => new URLSearchParams(parameters).toString();

const landscape = { dataset, side: 'test', index: '13', models: models.join('~'), directions: 'adversarial' };

const scenes = (runs: readonly string[]): readonly Scene[] => [
  {
    name: 'datasets',
    hash: `#/datasets?${query({ dataset, side: 'test', index: '13', model: jeat, models: models.join('~') })}`,
    async act(page) {
      await page.locator('canvas[data-tiles][data-pending="0"]').waitFor();
      await settle(page, 6000);
    },
  },
  {
    name: 'train',
    hash: `#/train?${query({ run: runs[0] ?? '', with: runs.slice(1).join('~') })}`,
    act: (page) => settle(page, 3000),
  },
  {
    name: 'train-presets',
    hash: '#/train',
    async act(page) {
      await page.getByRole('button', { name: 'New run' }).click();
      await settle(page);
    },
  },
  {
    name: 'generate',
    hash: `#/generate?${query({ model: jeat, n: '50', seed: '3' })}`,
    async act(page) {
      await page.getByRole('button', { name: 'Generate', exact: true }).click();
      await page.getByRole('button', { name: 'Pause', exact: true }).waitFor();
      await page.getByRole('button', { name: 'Pause', exact: true }).waitFor({ state: 'hidden', timeout: 240_000 });
      await settle(page);
    },
  },
  {
    name: 'energy',
    hash: `#/energy?${query({ ...landscape, form: 'flat', walk: 'attack:pgd' })}`,
    act: finished,
  },
  {
    name: 'energy-surface',
    hash: `#/energy?${query({ ...landscape, form: 'solid' })}`,
    act: finished,
  },
  { name: 'attack', hash: '#/attack', act: (page) => settle(page, 3000) },
  { name: 'models', hash: `#/models?${query({ model: jeat })}`, act: (page) => settle(page, 3000) },
  {
    name: 'suite',
    hash: `#/models?${query({ model: jeat })}`,
    async act(page) {
      await page.getByRole('button', { name: 'Show all it found' }).click();
      await page.getByRole('heading', { name: 'Images of another kind' }).scrollIntoViewIfNeeded();
      await settle(page);
    },
  },
];

/** Until no panel refines any more. */
async function finished(page: Page): Promise<void> {
  await page.locator('main [role=application]').first().waitFor();
  await page.waitForFunction(() => !document.querySelector('main [role=progressbar]'), undefined, { timeout: 240_000 });
  await settle(page, 3000);
}

try {
  await mkdir(out, { recursive: true });
  if (colour) await cp(cifar, path.join(folder, 'datasets', 'cifar10'), { recursive: true });
  for (const run of values.run ?? []) await cp(run, path.join(folder, 'runs', path.basename(run)), { recursive: true });
  const steps = { steps: '400', evaluateEvery: '50', sampleEvery: '100', evaluationImages: '128' };
  const own = ['natural', 'at', 'jeat'].map((method) => train(`fashion-mini/${method}`, method, steps));
  say('preparing runs and evaluations');
  await prepare(
    folder,
    [
      ...(values.run ? [] : own),
      ...models.map((model) => evaluate(model, dataset, 100, eps)),
      judge(jeat, dataset, 500),
    ],
    (title) => say(`  ${title}`),
  );
  const runs = values.run?.map((run) => path.basename(run)) ?? ['natural', 'at', 'jeat'];
  const { page, close } = await shell.start(folder);
  page.setDefaultTimeout(60_000);
  const shot = (name: string) => page.screenshot({ path: path.join(out, `${name}.png`) });
  const skip = page.getByRole('button', { name: 'Skip, look around' });
  await skip.waitFor();
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    if (theme === 'light') {
      await settle(page);
      await shot('first-page');
      await skip.click();
    }
    for (const { name, hash, act } of scenes(runs).filter(({ name }) => name.startsWith(values.only))) {
      await page.evaluate((to) => void (location.hash = to), hash);
      await act(page);
      await page.mouse.move(0, 799);
      await shot(`${name}-${theme}`);
      await page.keyboard.press('Escape');
      say(`  ${name}, ${theme}`);
    }
  }
  await close();
} finally {
  await rm(folder, { recursive: true, force: true });
}
