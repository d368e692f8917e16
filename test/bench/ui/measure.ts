/** The measurements of the window, each on a served host and a Chromium. */
import os from 'node:os';
import type { Browser, Page } from 'playwright-core';
import type { Job } from '../../../core/contract/areas/jobs';
import type { Run } from '../../../core/runs/store';
import { connect } from './client';
import { processorTime, usedSince } from './cpu';
import { datasetName, growRun, runName } from './data';
import { busyFrames, framesPerSecond } from './frames';
import { median, percentile } from '../statistics';
import { type Serving, serve } from './server';

export interface Measurement {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What was asked of it: 'at most 16', 'at least 50'. */
  readonly target: string;
  readonly met: boolean;
  readonly note?: string;
}
const atMost = (name: string, value: number, unit: string, limit: number, note?: string): Measurement => ({
  ...{ name, value, unit, target: `at most ${limit}`, met: value <= limit },
  ...(note ? { note } : {}),
});

/** Goes to a view of a served window. */
export async function openPage(browser: Browser, url: string, hash: string): Promise<Page> {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  await page.goto(url);
  await page.waitForFunction(() => document.querySelector('[aria-label="Status"]') !== null);
  await page.keyboard.press('Escape');
  await page.evaluate((to) => (location.hash = to), hash);
  return page;
}

/** From the start of the process to a window that has its engine's state and answers. */
export async function timeToInteractive(browser: Browser, dataFolder: string): Promise<Measurement> {
  const times: number[] = [];
  for (let round = 0; round < 4; round++) {
    const began = performance.now();
    const serving = await serve(dataFolder);
    const page = await openPage(browser, serving.url, '#/models');
    await page.getByRole('heading', { name: 'Models' }).first().waitFor();
    await page.waitForFunction(
      () => !/Connecting/.test(document.querySelector('[aria-label="Status"]')?.textContent ?? 'Connecting'),
    );
    if (round > 0) times.push(performance.now() - began);
    await page.context().close();
    await serving.stop();
  }
  return atMost(
    'time to interactive',
    median(times) / 1000,
    's',
    2,
    'start of the process to an answering window, warm; median of 3',
  );
}

export async function atlasFrames(browser: Browser, { url }: Serving): Promise<Measurement[]> {
  const page = await openPage(browser, url, `#/datasets?dataset=${datasetName}&side=train`);
  const atlas = page.locator('canvas[data-tiles]').first();
  await atlas.waitFor();
  await page.waitForTimeout(3000);
  const box = await atlas.boundingBox();
  if (!box) throw new Error('the atlas is not to be seen');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  // wheel zooms, so scrolling is a drag or the keyboard; both ways are moved here as a user would
  const scroll = async () => {
    for (let i = 0; i < 120; i++) await page.keyboard.press(i % 40 < 20 ? 'PageDown' : 'PageUp', { delay: 8 });
  };
  const zoom = async () => {
    for (let i = 0; i < 120; i++) {
      await page.mouse.wheel(0, i % 60 < 30 ? 60 : -60);
      await page.waitForTimeout(12);
    }
  };
  await atlas.focus();
  const scrolled = await framesPerSecond(page, scroll);
  const zoomed = await framesPerSecond(page, zoom);
  await page.context().close();
  const rate = (name: string, { perSecond, p95 }: { perSecond: number; p95: number }): Measurement => ({
    ...{ name, value: perSecond, unit: 'frames/s', target: 'at least 50', met: perSecond >= 50 },
    note: `60,000 tiles; 95 % of frames within ${p95.toFixed(1)} ms`,
  });
  return [rate('atlas, scrolling', scrolled), rate('atlas, zooming', zoomed)];
}

export async function monitorFrames(browser: Browser, { url }: Serving, run: Run): Promise<Measurement[]> {
  const page = await openPage(browser, url, `#/train?run=${runName}`);
  await page.locator('canvas').first().waitFor({ timeout: 60_000 });
  await page.waitForTimeout(8000);
  const stop = growRun(run);
  const idle = async () => page.waitForTimeout(6000);
  const frames = await busyFrames(page, idle);
  stop();
  await page.context().close();
  const busy = frames.filter((milliseconds) => milliseconds > 0.05);
  return [
    atMost(
      'monitor, work in a frame, p95',
      percentile(frames, 0.95),
      'ms',
      16,
      `10 series of 100,000 points, events at 20 Hz; ${busy.length} of ${frames.length} frames had work`,
    ),
  ];
}

/**
 * Steps a second with a window that watches and without one, in turn, and the host's longest stall meanwhile. The rate of a training
 * moves by itself from minute to minute, so each watched span is compared with the two beside it.
 */
export async function watchingCost(browser: Browser, serving: Serving, rounds: number): Promise<Measurement[]> {
  const { client, close } = await connect(serving.url);
  const overrides = { steps: '1000000', evaluateEvery: '0', sampleEvery: '0', checkpointEvery: '1000000' };
  const { id } = await client.call('jobs.submit', {
    job: { kind: 'train', preset: 'fashion-mini/jeat', name: 'bench-watched', overrides, seed: 0 },
  });
  const job = await jobWhen(client, id, ({ progress }) => (progress?.done ?? 0) >= 20);
  const measured = async (): Promise<Span> => {
    const [before, began] = [processorTime(), performance.now()];
    serving.forgetStalls();
    const rate = await stepsPerSecond(client, id);
    await new Promise((resolve) => setTimeout(resolve, 300));
    return { rate, stall: serving.stall(), used: usedSince(before, (performance.now() - began) / 1000) };
  };
  const alone = [await measured()];
  const watched: Span[] = [];
  const opening: Span['stall'][] = [];
  for (let round = 0; round < rounds; round++) {
    serving.forgetStalls();
    const page = await openPage(browser, serving.url, `#/train?run=${job.target ?? ''}`);
    await page.waitForTimeout(22_000);
    opening.push(serving.stall());
    watched.push(await measured());
    await page.context().close();
    alone.push(await measured());
  }
  await client.call('jobs.stop', { id });
  await jobWhen(client, id, ({ state }) => state === 'stopped');
  close();
  const losses = watched.map(({ rate }, i) => 1 - (2 * rate) / ((alone[i]?.rate ?? NaN) + (alone[i + 1]?.rate ?? NaN)));
  const stalls = [...alone, ...watched].map(({ stall }) => stall);
  const longest = (of: readonly Span['stall'][]) => {
    const worked = Math.max(...of.map((stall) => stall.worked));
    return [
      Math.max(...of.map(({ waited }) => waited)),
      `at work itself for ${worked.toFixed(0)} ms at most; the rest of a stall is waiting for a processor`,
    ] as const;
  };
  const [stall, stallNote] = longest(stalls);
  const [openingStall, openingNote] = longest(opening);
  return [
    atMost(
      'training throughput lost to a window',
      100 * median(losses),
      '%',
      2,
      `${spread(losses.map((loss) => 100 * loss))} %; ${spread(alone.map(({ rate }) => rate))} steps/s alone`,
    ),
    ...processorRow(alone, watched),
    atMost('longest stall of the host while training', stall, 'ms', 50, stallNote),
    atMost('the same while a browser loads the window', openingStall, 'ms', 50, openingNote),
  ];
}

interface Span {
  /** Steps a second. */
  readonly rate: number;
  readonly stall: ReturnType<Serving['stall']>;
  /** Percent of a core, by process. */
  readonly used: Readonly<Record<string, number>>;
}

/** What a training loses to a window once its own ups and downs are left out; nothing where processor time cannot be read. */
function processorRow(alone: readonly Span[], watched: readonly Span[]): Measurement[] {
  if (Object.keys(alone[0]?.used ?? {}).length === 0) return [];
  const others = (spans: readonly Span[]) =>
    median(spans.map(({ used }) => Object.entries(used).reduce((sum, [role, share]) => (role === 'engine' ? sum : sum + share), 0))); // prettier-ignore
  return [
    atMost(
      'processor time that a watching window takes',
      (others(watched) - others(alone)) / os.availableParallelism(),
      '%',
      2,
      `of all cores; percent of a core, alone ${percents(alone)}, watched ${percents(watched)}`,
    ),
  ];
}
const spread = (values: readonly number[]): string => values.map((value) => value.toFixed(1)).join(', ');
const percents = (spans: readonly Span[]): string =>
  Object.keys(spans[0]?.used ?? {})
    .map((role) => `${role} ${median(spans.map(({ used }) => used[role] ?? 0)).toFixed(1)}`)
    .join(', ');

type Client = Awaited<ReturnType<typeof connect>>['client'];

async function jobWhen(client: Client, id: string, is: (job: Job) => boolean): Promise<Job> {
  for await (const jobs of client.stream('jobs.follow', {})) {
    const job = jobs.find((known) => known.id === id);
    if (job?.problem) throw new Error(job.problem.message);
    if (job && is(job)) return job;
  }
  throw new Error('the jobs ended');
}

/** From one telling of progress to another: between two of them what is known of it is old. */
async function stepsPerSecond(client: Client, id: string, seconds = 12): Promise<number> {
  let known: number | undefined;
  let first: { at: number; done: number } | undefined;
  for await (const jobs of client.stream('jobs.follow', {})) {
    const done = jobs.find((job) => job.id === id)?.progress?.done ?? 0;
    if (known === undefined) known = done;
    if (done === known) continue;
    known = done;
    const at = performance.now();
    first ??= { at, done };
    if (at - first.at >= seconds * 1000) return (1000 * (done - first.done)) / (at - first.at);
  }
  throw new Error('the jobs ended');
}
