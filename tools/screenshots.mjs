// docs/screens: every view, light and dark, at 1280 x 800, from a real host. In the data folder: CIFAR-10 (`lowland data add cifar10`); the
// run and the evaluation that the pictures show are made where they are missing, which takes some minutes.
//   npm run screenshots -- [--data-dir FOLDER] [--out docs/screens] [--only energy]
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { ensure } from './ensure.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));
const { values } = parseArgs({
  options: {
    'data-dir': { type: 'string', default: process.env.LOWLAND_DATA ?? join(homedir(), '.local/share/lowland') },
    out: { type: 'string', default: join(root, 'docs/screens') },
    only: { type: 'string', default: '' },
  },
});
const data = values['data-dir'];
const lowland = join(root, 'bin/lowland.mjs');

ensure({ window: true });
mkdirSync(values.out, { recursive: true });
for (const preset of ['demo/jeat', 'fashion-mini/at'])
  if (!existsSync(join(data, 'runs', `screens-${preset.split('/')[1]}`)))
    spawnSync(
      process.execPath,
      [
        lowland,
        ...[
          'train',
          '--preset',
          preset,
          '--name',
          `screens-${preset.split('/')[1]}`,
          '--data-dir',
          data,
          '--set',
          'steps=400',
        ],
        ...['--set', 'sampleEvery=50', '--set', 'evaluateEvery=50', '--seed', '1'],
      ],
      { stdio: 'inherit' },
    );

const server = spawn(process.execPath, [lowland, 'serve', '--data-dir', data], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const url = await new Promise((resolve) => {
  let said = '';
  server.stdout.on('data', (text) => {
    said += text;
    const found = /http\S+/.exec(said);
    if (found) resolve(found[0]);
  });
});

/** What each picture shows, and what is done before it is taken. */
const pictures = [
  { name: 'datasets', hash: '#/datasets?dataset=cifar10&index=13', wait: 4000 },
  { name: 'train', hash: '#/train?run=screens-jeat', wait: 4000 },
  {
    name: 'generate',
    hash: '#/generate?model=fashion%2Fjeat',
    wait: 3000,
    act: (page) => page.getByRole('button', { name: 'Generate', exact: true }).click(),
    then: 20_000,
  },
  { name: 'energy', hash: '#/energy', wait: 30_000 },
  {
    name: 'energy-3d',
    hash: '#/energy',
    wait: 4000,
    act: (page) => page.getByText('3-D', { exact: true }).click(),
    then: 25_000,
  },
  { name: 'attack', hash: '#/attack', wait: 3000, act: evaluated, then: 3000 },
  { name: 'models', hash: '#/models?model=fashion%2Fjeat', wait: 3000 },
].filter(({ name }) => name.startsWith(values.only));

/** Starts an evaluation where there is none, and waits until it is done. */
async function evaluated(page) {
  const start = page.getByRole('button', { name: 'New evaluation' }).first();
  if (!(await page.getByText('Nothing is evaluated yet').isVisible())) return;
  await start.click();
  const dialog = page.locator('dialog[open]');
  for (const model of ['fashion/natural', 'fashion/at', 'fashion/prejeat', 'fashion/jeat']) {
    const box = dialog.getByRole('checkbox', { name: model });
    if ((await box.count()) > 0) await box.first().check();
  }
  await dialog.getByRole('button', { name: /^Start/ }).click();
  await page.getByText('Nothing is running').waitFor({ timeout: 900_000 });
}

const executablePath = process.env.LOWLAND_CHROMIUM ?? '/usr/bin/chromium';
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--enable-unsafe-swiftshader'] });
try {
  for (const theme of ['light', 'dark']) {
    const context = await browser.newContext({ colorScheme: theme, viewport: { width: 1280, height: 800 } });
    const page = await context.newPage();
    await page.goto(url);
    await page.waitForTimeout(2000);
    await page.keyboard.press('Escape');
    for (const { name, hash, wait, act, then } of pictures) {
      await page.evaluate((to) => (location.hash = to), hash);
      await page.waitForTimeout(wait);
      await act?.(page);
      await page.waitForTimeout(then ?? 0);
      await page.screenshot({ path: join(values.out, `${name}-${theme}.png`) });
      process.stderr.write(`${name}, ${theme}\n`);
    }
    await context.close();
  }
} finally {
  await browser.close();
  server.kill('SIGTERM');
}
