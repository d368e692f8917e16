/** How busy a page's main thread is, frame by frame, from Chromium's own trace; and frames a second while something moves. */
import type { CDPSession, Page } from 'playwright-core';
import { percentile } from '../statistics';

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly ts: number;
  readonly dur?: number;
  readonly tid: number;
  readonly pid: number;
  readonly args?: { readonly name?: string };
}

/** Length of a frame at 60 a second, in microseconds. */
const frame = 1e6 / 60;

/** Milliseconds of main-thread work in each sixtieth of a second while `work` runs. */
export async function busyFrames(page: Page, work: () => Promise<void>): Promise<number[]> {
  const session = await page.context().newCDPSession(page);
  const events = await traced(session, work);
  const threads = events.filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain');
  const tasks = events.filter(({ name, ph }) => name === 'RunTask' && ph === 'X');
  const busiest = threads
    .map(({ pid, tid }) => tasks.filter((task) => task.pid === pid && task.tid === tid))
    .sort((a, b) => b.length - a.length)[0];
  if (!busiest || busiest.length === 0) throw new Error('the trace has no tasks of a page');
  const start = Math.min(...busiest.map(({ ts }) => ts));
  const end = Math.max(...busiest.map(({ ts, dur = 0 }) => ts + dur));
  const frames = new Array<number>(Math.ceil((end - start) / frame)).fill(0);
  // a task belongs to the frame that it began in, with all of its time: it delays that frame's picture
  for (const { ts, dur = 0 } of busiest) {
    const at = Math.floor((ts - start) / frame);
    frames[at] = (frames[at] ?? 0) + dur / 1000;
  }
  return frames;
}

async function traced(session: CDPSession, work: () => Promise<void>): Promise<TraceEvent[]> {
  const events: TraceEvent[] = [];
  session.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])));
  const done = new Promise<void>((resolve) => session.once('Tracing.tracingComplete', () => resolve()));
  await session.send('Tracing.start', {
    traceConfig: { includedCategories: ['toplevel', 'disabled-by-default-devtools.timeline', '__metadata'] },
    transferMode: 'ReportEvents',
  });
  await work();
  await session.send('Tracing.end');
  await done;
  return events;
}

/** Pictures a second that the page drew while `work` ran, and the longest wait between two, in ms. */
export async function framesPerSecond(
  page: Page,
  work: () => Promise<void>,
): Promise<{ perSecond: number; p95: number }> {
  await page.evaluate(() => {
    const times: number[] = [];
    Reflect.set(window, 'benchTimes', times);
    const tick = (time: number) => {
      times.push(time);
      if (Reflect.get(window, 'benchTimes') === times) requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  });
  await work();
  const times = (await page.evaluate(() => {
    const taken: unknown = Reflect.get(window, 'benchTimes');
    Reflect.set(window, 'benchTimes', undefined);
    return taken;
  })) as number[];
  const gaps = times.slice(1).map((time, i) => time - (times[i] ?? time));
  const span = (times.at(-1) ?? 0) - (times[0] ?? 0);
  return { perSecond: (1000 * gaps.length) / span, p95: percentile(gaps, 0.95) };
}
