/** What waits in the queue is offered by the next host: after an orderly end and after a kill, once, and by one host of a folder. */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Job, JobRequest } from '../../core/contract/areas/jobs';
import { KeptQueue } from '../../core/host/kept-queue';
import { JobQueue, type StartWork } from '../../core/host/queue';
import { AppError } from '../../core/lib/errors';

let folder: string;
beforeEach(async () => (folder = await mkdtemp(path.join(os.tmpdir(), 'lowland-queue-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const train = (seed: number): JobRequest => ({ kind: 'train', preset: 'toy/jeat', name: '', overrides: {}, seed });

/** Jobs tell what they make at once and run until they are stopped. */
function createHost(target = 'toy-1') {
  const kept = new KeptQueue(folder);
  let jobs: readonly Job[] = [];
  const start: StartWork = (_lane, _id, _request, tell) => {
    let stop: () => void = () => undefined;
    const done = new Promise<void>((_resolve, reject) => (stop = () => reject(new AppError('CANCELLED', 'Stopped.'))));
    queueMicrotask(() => tell({ type: 'target', name: target }));
    return { done, stop };
  };
  const queue = new JobQueue(start, (list) => {
    jobs = list;
    kept.keep(list);
  });
  const end = async () => {
    await queue.close();
    await kept.close();
  };
  return { kept, queue, end, states: () => jobs.map(({ state }) => state) };
}
const titles = ({ left }: KeptQueue) => left.value.map(({ title }) => title);
/** What comes to be offered; nothing, if nothing came after a while. */
const offered = async (kept: KeptQueue, ...expected: readonly string[]) => {
  if (expected.length === 0) await new Promise((resolve) => setTimeout(resolve, 100));
  await expect.poll(() => titles(kept), { timeout: 10_000 }).toEqual(expected);
};

describe('the queue over a restart', () => {
  it('offers what waited, and not what ran: that is found as interrupted', async () => {
    const first = createHost();
    for (const seed of [1, 2, 3]) first.queue.submit(train(seed), seed === 3 ? 4 : 0);
    await first.end();
    expect(first.states()).toEqual(['paused', 'queued', 'queued']);

    const second = createHost();
    await offered(second.kept, 'Train toy/jeat, seed 2', 'Train toy/jeat, seed 3');
    expect(second.kept.take()).toEqual([
      { request: train(2), priority: 0 },
      { request: train(3), priority: 4 },
    ]);
    await offered(second.kept);
    await second.end();

    const third = createHost();
    await offered(third.kept);
    await third.end();
  });

  it('offers a suite that ran, which no list finds, and not one that is done with', async () => {
    const suite: JobRequest = {
      kind: 'suite',
      model: 'fashion/at',
      suite: 'quick',
      dataset: '',
      images: 9,
      norm: 'linf',
      seed: 0,
    };
    const first = createHost('fashion-at-quick-1');
    const id = first.queue.submit(suite);
    await first.end();
    const second = createHost();
    await offered(second.kept, 'Judge fashion/at, suite quick');
    second.queue.submit(suite);
    second.kept.take();
    second.queue.stop(id);
    await expect.poll(second.states).toEqual(['stopped']);
    await second.end();
    const third = createHost();
    await offered(third.kept);
    await third.end();
  });

  it('keeps the offer while it is not answered, together with what is queued since', async () => {
    const first = createHost();
    first.queue.submit(train(1));
    first.queue.submit(train(2));
    await first.end();
    const second = createHost();
    second.queue.submit(train(5));
    second.queue.submit(train(6));
    await second.end();
    const third = createHost();
    await offered(third.kept, 'Train toy/jeat, seed 2', 'Train toy/jeat, seed 6');
    await third.end();
  });

  it('has what waits on disk at once, for a host that is killed', async () => {
    const { queue, end } = createHost();
    queue.submit(train(1));
    queue.submit(train(2));
    const file = path.join(folder, 'queue', 'jobs.json');
    await expect
      .poll(
        () =>
          readFile(file, 'utf8')
            .catch(() => '[]')
            .then(JSON.parse),
        { timeout: 10_000 },
      )
      .toEqual([{ request: train(2), priority: 0 }]);
    await end();
  });

  it('leaves out jobs that it does not know, and takes a damaged file for an empty one', async () => {
    await mkdir(path.join(folder, 'queue'));
    const file = path.join(folder, 'queue', 'jobs.json');
    await writeFile(
      file,
      JSON.stringify([
        { request: { kind: 'fly' }, priority: 0 },
        { request: train(1), priority: 2 },
      ]),
    );
    const first = createHost();
    await offered(first.kept, 'Train toy/jeat, seed 1');
    await first.end();
    await writeFile(file, '[{"requ');
    const second = createHost();
    await offered(second.kept);
    second.queue.submit(train(1));
    second.queue.submit(train(2));
    await second.end();
    expect(JSON.parse(await readFile(file, 'utf8'))).toHaveLength(1);
  });

  it('is kept by one host of a folder', async () => {
    const first = createHost();
    first.queue.submit(train(1));
    first.queue.submit(train(2));
    await expect.poll(() => existsSync(path.join(folder, 'queue', 'lock')), { timeout: 10_000 }).toBe(true);
    const beside = createHost();
    beside.queue.submit(train(7));
    beside.queue.submit(train(8));
    await offered(beside.kept);
    await beside.end();
    await first.end();
    const next = createHost();
    await offered(next.kept, 'Train toy/jeat, seed 2');
    await next.end();
  });
});
