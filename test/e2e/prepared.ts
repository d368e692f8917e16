/** A data folder with something in it: runs and evaluations, made by a host as a window would have them made. */
import { ChannelClient } from '../../core/contract/client';
import type { Api } from '../../core/contract/api';
import type { Job, JobRequest } from '../../core/contract/areas/jobs';
import { connectedPair } from '../../core/host/direct';
import { forkChild } from '../../core/host/fork';
import { createHost } from '../../core/host/host';

/** Does the jobs one after another. @throws Error when one fails. */
export async function prepare(
  dataFolder: string,
  jobs: readonly JobRequest[],
  say: (text: string) => void = () => undefined,
): Promise<void> {
  const host = createHost({ dataFolder, spawn: forkChild(), engine: process.env.LOWLAND_E2E_ENGINE ?? 'wasm' });
  const [near, far] = connectedPair();
  const client = new ChannelClient<Api>();
  client.attach(near);
  void host.connect(far);
  try {
    for (const job of jobs) {
      const { id } = await client.call('jobs.submit', { job });
      await ended(client.stream('jobs.follow', {}), id, say);
    }
  } finally {
    await host.dispose();
  }
}

async function ended(jobs: AsyncIterable<readonly Job[]>, id: string, say: (text: string) => void): Promise<void> {
  for await (const list of jobs) {
    const job = list.find((known) => known.id === id);
    if (job?.state === 'failed') throw new Error(`${job.title}: ${job.problem?.message ?? 'failed'}`);
    if (job?.state !== 'done') continue;
    say(job.title);
    return;
  }
  throw new Error('the jobs ended');
}

export const train = (preset: string, name: string, overrides: Readonly<Record<string, string>>): JobRequest => ({
  ...{ kind: 'train', preset, name, overrides: { ...overrides }, seed: 1 },
});

export const judge = (model: string, dataset: string, images: number): JobRequest => ({
  ...{ kind: 'suite', model, suite: 'quick', dataset, images, norm: 'linf', seed: 1 },
});

export const evaluate = (model: string, dataset: string, images: number, eps: readonly number[]): JobRequest => ({
  kind: 'evaluate',
  plan: {
    ...{ model, dataset, side: 'test', images, batch: 50, norm: 'linf', eps: [...eps], seed: 1 },
    attacks: [
      { attack: 'fgsm', options: {} },
      { attack: 'pgd', options: { steps: 10 } },
    ],
  },
});
