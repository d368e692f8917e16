/** The queue without processes: order, pause, resume, failure, progress. */
import { describe, expect, it } from 'vitest';
import type { Job, JobRequest } from '../../core/contract/areas/jobs';
import { JobQueue, type StartWork } from '../../core/host/queue';
import { AppError } from '../../core/lib/errors';

const train = (seed: number): JobRequest => ({ kind: 'train', preset: 'toy/jeat', name: '', overrides: {}, seed });
const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

/** Every look at the clock is `tick` milliseconds later. */
function createQueue(tick = 1000) {
  const started: { request: JobRequest; tell: Parameters<StartWork>[3]; end: (error?: Error) => void }[] = [];
  let time = 0;
  let seen: readonly Job[] = [];
  const queue = new JobQueue(
    (_lane, _id, request, tell) => {
      let end: (error?: Error) => void = () => undefined;
      const done = new Promise<void>((resolve, reject) => (end = (error) => (error ? reject(error) : resolve())));
      started.push({ request, tell, end });
      return { done, stop: () => end(new AppError('CANCELLED', 'Stopped.')) };
    },
    (jobs) => (seen = jobs),
    () => (time += tick),
  );
  const states = () => seen.map(({ state }) => state);
  return { queue, started, states, jobs: () => seen };
}

describe('the queue', () => {
  it('does one job at a time in a lane, the highest priority first, then the oldest', async () => {
    const { queue, started, states } = createQueue();
    queue.submit(train(1));
    queue.submit(train(2));
    queue.submit(train(3), 5);
    queue.submit({ kind: 'add-dataset', dataset: 'mnist' });
    expect(states()).toEqual(['running', 'queued', 'queued', 'running']);
    started[0]?.end();
    await settled();
    expect(states()).toEqual(['done', 'queued', 'running', 'running']);
    expect(started[2]?.request).toEqual(train(3));
  });

  it('pauses a job and resumes the run that it had begun', async () => {
    const { queue, started, states, jobs } = createQueue();
    const id = queue.submit(train(1));
    started[0]?.tell({ type: 'target', name: 'toy-1' });
    queue.pause(id);
    await settled();
    expect(states()).toEqual(['paused']);
    queue.resume(id);
    expect(started[1]?.request).toEqual({ kind: 'resume', run: 'toy-1' });
    expect(jobs()[0]?.kind).toBe('train');
    started[1]?.end();
    await settled();
    expect(states()).toEqual(['done']);
  });

  it('starts a job anew that had begun nothing', async () => {
    const { queue, started } = createQueue();
    const id = queue.submit(train(1));
    started[0]?.end(new AppError('ENGINE', 'The engine process ended unexpectedly (signal SIGKILL).'));
    await settled();
    queue.resume(id);
    expect(started[1]?.request).toEqual(train(1));
  });

  it('keeps the sentence of a failure, and the next job runs', async () => {
    const { queue, started, states, jobs } = createQueue();
    queue.submit(train(1));
    queue.submit(train(2));
    started[0]?.end(new AppError('DISK_FULL', 'The disk is full.', 'Free some space.'));
    await settled();
    expect(states()).toEqual(['failed', 'running']);
    expect(jobs()[0]?.problem).toEqual({ code: 'DISK_FULL', message: 'The disk is full.', hint: 'Free some space.' });
  });

  it('stops what waits without ever starting it', () => {
    const { queue, started, states } = createQueue();
    queue.submit(train(1));
    queue.stop(queue.submit(train(2)));
    expect(states()).toEqual(['running', 'stopped']);
    expect(started).toHaveLength(1);
  });

  it('starts nothing while a lane is without its process, then goes on', async () => {
    const { queue, started, states } = createQueue();
    queue.submit(train(1));
    queue.submit(train(2));
    let during: readonly string[] = [];
    await queue.without('engine', async () => {
      await settled();
      during = states();
    });
    expect(during).toEqual(['paused', 'queued']);
    expect(started.map(({ request }) => request)).toEqual([train(1), train(2)]);
  });

  it('leaves queued what waits when it closes', async () => {
    const { queue, started, states } = createQueue();
    queue.submit(train(1));
    queue.submit(train(2));
    await queue.close();
    queue.submit(train(3));
    await settled();
    expect(states()).toEqual(['paused', 'queued', 'queued']);
    expect(started).toHaveLength(1);
  });

  it('tells rate and time left from the progress', () => {
    const { queue, started, jobs } = createQueue();
    queue.submit(train(1));
    for (const done of [0, 10, 20])
      started[0]?.tell({ type: 'progress', task: 'training', done, total: 100, unit: 'steps' });
    expect(jobs()[0]?.progress).toMatchObject({ done: 20, total: 100, rate: 10, secondsLeft: 8 });
  });

  it('tells progress at once at first, later seldom, and the last of it at the end', async () => {
    const { queue, started, jobs } = createQueue(400);
    queue.submit(train(1));
    const told = Array.from({ length: 60 }, (_, i) => {
      started[0]?.tell({ type: 'progress', task: 'training', done: i + 1, total: 100, unit: 'steps' });
      return jobs()[0]?.progress?.done;
    });
    expect(told.slice(0, 5)).toEqual([1, 2, 3, 4, 5]);
    expect(new Set(told.slice(-9)).size).toBeLessThan(5);
    started[0]?.end();
    await settled();
    expect(jobs()[0]).toMatchObject({ state: 'done', progress: { done: 60 } });
  });

  it('refuses to resume what runs, to dismiss what runs, and ids that are none', () => {
    const { queue } = createQueue();
    const id = queue.submit(train(1));
    expect(() => queue.resume(id)).toThrow(/is running/);
    expect(() => queue.dismiss(id)).toThrow(/is running/);
    expect(() => queue.pause('job-99')).toThrow(/no job 'job-99'/);
  });
});
