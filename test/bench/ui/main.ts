/** `npm run bench:ui -- [--json] [--rounds n] [--only interactive|atlas|monitor|training]`: how fast the window is, in Chromium against `lowland serve`. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { makeDataset, makeRun } from './data';
import { type Measurement, atlasFrames, monitorFrames, timeToInteractive, watchingCost } from './measure';
import { type Serving, serve } from './server';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '3' },
    /** One of `parts`. */
    only: { type: 'string' },
  },
});
const parts = ['interactive', 'atlas', 'monitor', 'training'];
if (values.only !== undefined && !parts.includes(values.only)) {
  process.stderr.write(`error: --only is '${values.only}'; there are ${parts.join(', ')}.\n`);
  process.exit(2);
}
const executable = [process.env.LOWLAND_CHROMIUM ?? '', '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
  (file) => file && existsSync(file),
);
if (!executable) {
  process.stderr.write('error: no Chromium is found; say where it is with LOWLAND_CHROMIUM.\n');
  process.exit(3);
}
const say = (text: string) => process.stderr.write(`${text}\n`);

const dataFolder = await mkdtemp(path.join(os.tmpdir(), 'lowland-bench-ui-'));
const browser = await chromium.launch({
  executablePath: executable,
  args: ['--no-sandbox', '--enable-unsafe-swiftshader'],
});
const results: Measurement[] = [];
try {
  say('making 60,000 images and a run of 1,000,000 values');
  await makeDataset(dataFolder);
  const run = await makeRun(dataFolder);
  const rounds = Number(values.rounds);
  const measurements: Record<string, (serving: Serving) => Promise<Measurement[]>> = {
    interactive: async () => [await timeToInteractive(browser, dataFolder)],
    atlas: (serving) => atlasFrames(browser, serving),
    monitor: (serving) => monitorFrames(browser, serving, run),
    training: (serving) => watchingCost(browser, serving, rounds),
  };
  for (const [name, measure] of Object.entries(measurements)) {
    if (values.only && values.only !== name) continue;
    say(name);
    const serving = await serve(dataFolder);
    results.push(...(await measure(serving)));
    await serving.stop();
  }
  await run.close('stopped');
} finally {
  await browser.close();
  await rm(dataFolder, { recursive: true, force: true });
}
const gpu = 'software rendering (no GPU)';
process.stdout.write(
  values.json
    ? `${JSON.stringify({ browser: executable, rendering: gpu, results })}\n`
    : `${results.map(({ name, value, unit, target, met, note }) => `${met ? 'yes' : 'NO '} ${name.padEnd(42)} ${value.toFixed(2).padStart(9)} ${unit.padEnd(9)} ${target.padEnd(12)} ${note ?? ''}`).join('\n')}\n`,
);
