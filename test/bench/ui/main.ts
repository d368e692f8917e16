/** `npm run bench:ui -- [--json] [--rounds n] [--only interactive|atlas|monitor|training]`: how fast the window is, in Chromium against `lowland serve`. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type Browser, chromium } from 'playwright-core';
import { makeDataset, makeRun } from './data';
import { type Measurement, atlasFrames, monitorFrames, timeToInteractive, watchingCost } from './measure';
import { type Serving, serve } from './server';

const say = (text: string) => void process.stderr.write(`${text}\n`);
const parts = ['interactive', 'atlas', 'monitor', 'training'] as const;
const { json, rounds, only } = readArguments();
const executable = [process.env.LOWLAND_CHROMIUM ?? '', '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
  (file) => file && existsSync(file),
);
if (!executable) {
  say('error: no Chromium is found; say where it is with LOWLAND_CHROMIUM.');
  process.exit(3);
}
const dataFolder = await mkdtemp(path.join(os.tmpdir(), 'lowland-bench-ui-'));
const browser = await chromium.launch({
  executablePath: executable,
  args: ['--no-sandbox', '--enable-unsafe-swiftshader'],
});
const results: Measurement[] = [];
const rendering = await renderingOf(browser);
try {
  say('making 60,000 images and a run of 1,000,000 values');
  await makeDataset(dataFolder);
  const run = await makeRun(dataFolder);
  const measurements: Record<(typeof parts)[number], (serving: Serving) => Promise<Measurement[]>> = {
    interactive: async () => [await timeToInteractive(browser, dataFolder)],
    atlas: (serving) => atlasFrames(browser, serving),
    monitor: (serving) => monitorFrames(browser, serving, run),
    training: (serving) => watchingCost(browser, serving, rounds),
  };
  for (const name of parts) {
    if (only && only !== name) continue;
    say(name);
    const serving = await serve(dataFolder);
    results.push(...(await measurements[name](serving)));
    await serving.stop();
  }
  await run.close('stopped');
} finally {
  await browser.close();
  await rm(dataFolder, { recursive: true, force: true });
}
process.stdout.write(
  json
    ? `${JSON.stringify({ browser: executable, rendering, results })}\n`
    : `${results.map(({ name, value, unit, target, met, note }) => `${met ? 'yes' : 'NO '} ${name.padEnd(42)} ${value.toFixed(2).padStart(9)} ${unit.padEnd(9)} ${target.padEnd(12)} ${note ?? ''}`).join('\n')}\nDrawn by ${rendering}.\n`,
);

/** Ends with one sentence where something is wrong. */
function readArguments(): { json: boolean; rounds: number; only: (typeof parts)[number] | undefined } {
  try {
    const text = { type: 'string' } as const;
    const { values } = parseArgs({ options: { json: { type: 'boolean', default: false }, rounds: text, only: text } });
    const rounds = Number(values.rounds ?? 3);
    const only = parts.find((part) => part === values.only);
    if (!Number.isInteger(rounds) || rounds < 1 || rounds > 1000)
      throw new Error(`--rounds is '${values.rounds ?? ''}'; it is a whole number from 1 to 1000.`);
    if (values.only !== undefined && !only)
      throw new Error(`--only is '${values.only}'; there are ${parts.join(', ')}.`);
    return { json: values.json, rounds, only };
  } catch (error) {
    const [first = ''] = (error instanceof Error ? error.message : String(error)).split('. ');
    say(`error: ${first.replace(/\.$/, '')}.`);
    process.exit(2);
  }
}

/** Who composes the page and draws WebGL, as the browser says itself. */
async function renderingOf(opened: Browser): Promise<string> {
  const session = await opened.newBrowserCDPSession();
  const { gpu } = await session.send('SystemInfo.getInfo');
  const features = gpu.featureStatus as Record<string, string> | undefined;
  const [device] = gpu.devices;
  const composed = features?.gpu_compositing === 'enabled' ? 'the GPU' : 'software (no GPU is used)';
  return `${composed}; WebGL by ${device?.deviceString || 'nothing'}`;
}
