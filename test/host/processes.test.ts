/** The host with its real child processes: queries, a training job paused and resumed, and an engine that is killed. */
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Api, LowlandClient } from '../../core/contract/api';
import { ChannelClient } from '../../core/contract/client';
import type { Job } from '../../core/contract/areas/jobs';
import { connectedPair } from '../../core/host/direct';
import type { ChildPort } from '../../core/host/child';
import { forkChild } from '../../core/host/fork';
import { type Host, createHost } from '../../core/host/host';
import { readEvents } from '../../core/runs/events';
import { bundle } from '../bundle';

const dataFolder = path.join(tmpdir(), `lowland-host-${process.pid}`);
const children: { role: string; port: ChildPort }[] = [];
let host: Host;
let client: LowlandClient;
let entry: string;

beforeAll(async () => {
  entry = await bundle('core/cli/process-main.ts');
  const spawn = forkChild(entry);
  host = createHost({
    dataFolder,
    engine: 'wasm',
    spawn: (role, args) => {
      const port = spawn(role, args);
      children.push({ role, port });
      return port;
    },
  });
  const [near, far] = connectedPair();
  const channel = new ChannelClient<Api>();
  channel.attach(near);
  client = channel;
  void host.connect(far);
});
afterAll(async () => {
  await host.dispose();
  await rm(dataFolder, { recursive: true, force: true });
  await rm(path.dirname(entry), { recursive: true, force: true });
});

/** Waits for a state of a job. */
async function jobWhen(id: string, is: (job: Job) => boolean): Promise<Job> {
  for await (const jobs of client.stream('jobs.follow', {})) {
    const job = jobs.find((known) => known.id === id);
    if (job && is(job)) return job;
    if (job?.problem && job.state === 'failed') throw new Error(job.problem.message);
  }
  throw new Error('the stream of jobs ended');
}
const overrides = { steps: '60', checkpointEvery: '5', evaluateEvery: '0', sampleEvery: '0', limit: '1000' };
const train = (name: string) =>
  client.call('jobs.submit', { job: { kind: 'train', preset: 'toy/natural', name, overrides, seed: 1 } });

describe('the host', () => {
  it('says what it is and how its processes stand', async () => {
    expect(await client.call('app.info', {})).toMatchObject({ dataFolder });
    for await (const { engine } of client.stream('app.status', {})) {
      if (engine.state === 'starting') continue;
      expect(engine).toMatchObject({ state: 'ready', id: 'wasm' });
      break;
    }
  });

  it('keeps settings for every window', async () => {
    await client.call('settings.write', { key: 'theme', value: 'dark' });
    expect(await client.call('settings.read', {})).toEqual({ theme: 'dark' });
    await expect(client.call('settings.write', { key: 'big', value: 'x'.repeat(300_000) })).rejects.toMatchObject({
      code: 'BAD_OPTION',
    });
  });

  it('trains, pauses at a checkpoint, and resumes to the end', async () => {
    const { id } = await train('paused');
    await jobWhen(id, ({ progress }) => (progress?.done ?? 0) >= 8);
    await client.call('jobs.pause', { id });
    await jobWhen(id, ({ state }) => state === 'paused');
    await client.call('jobs.resume', { id });
    const done = await jobWhen(id, ({ state }) => state === 'done');
    const steps = (await readEvents(path.join(dataFolder, 'runs', done.target ?? ''))).filter(
      ({ kind }) => kind === 'step',
    );
    expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
  });

  it('says in a sentence that its engine was killed, starts another, and resumes the run', async () => {
    const { id } = await train('killed');
    await jobWhen(id, ({ progress }) => (progress?.done ?? 0) >= 8);
    children
      .filter(({ role }) => role === 'engine')
      .at(-1)
      ?.port.kill();
    for await (const jobs of client.stream('jobs.follow', {})) {
      const job = jobs.find((known) => known.id === id);
      if (job?.state !== 'failed') continue;
      expect(job.problem).toMatchObject({ code: 'ENGINE', message: expect.stringMatching(/engine process ended/) });
      break;
    }
    await client.call('jobs.resume', { id });
    expect(await jobWhen(id, ({ state }) => state === 'done')).toMatchObject({ target: 'killed' });
  });

  it('does not start a job whose configuration is wrong, and says why', async () => {
    const { id } = await client.call('jobs.submit', {
      job: { kind: 'train', preset: 'toy/natural', overrides: { 'optimiser.lr': 'fast' }, seed: 1 },
    });
    await expect(jobWhen(id, () => false)).rejects.toThrow(/lr is "fast"/);
  });
});
