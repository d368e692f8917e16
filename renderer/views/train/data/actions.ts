/** What can be done with a run. Each says in a toast what went wrong. */
import type { LowlandClient } from '../../../../core/contract/api';
import { platform } from '../../../platform/platform';
import { toasts } from '../../../state/toasts.svelte';
import type { ListedRun } from './rows.svelte';

export type RunFormat = 'csv' | 'json' | 'tensorboard' | 'report';
const types: Readonly<Record<RunFormat, string>> = {
  csv: 'text/csv',
  json: 'application/json',
  tensorboard: 'application/octet-stream',
  report: 'text/html',
};

export const isLive = ({ state }: ListedRun): boolean => state === 'running';
/** There is a checkpoint to go on from, or the start. */
export const canResume = ({ state }: ListedRun): boolean =>
  state === 'paused' || state === 'stopped' || state === 'failed' || state === 'interrupted';
/** By its job; a run of another process goes its own way. */
export const canHalt = ({ state, job }: ListedRun): boolean =>
  (state === 'running' && job?.state === 'running') || state === 'queued';

export function runActions(client: LowlandClient) {
  const attempt = async (act: () => Promise<unknown>) => {
    try {
      await act();
    } catch (error) {
      toasts.error(error);
    }
  };
  return {
    pause: ({ job }: ListedRun) => attempt(async () => job && (await client.call('jobs.pause', { id: job.id }))),
    stop: ({ job }: ListedRun) => attempt(async () => job && (await client.call('jobs.stop', { id: job.id }))),
    resume: ({ run, job }: ListedRun) =>
      attempt(() =>
        job?.state === 'paused'
          ? client.call('jobs.resume', { id: job.id })
          : client.call('jobs.submit', { job: { kind: 'resume', run } }),
      ),
    remove: (runs: readonly string[], removed: (run: string) => void) =>
      attempt(async () => {
        for (const run of runs) {
          const { trashed } = await client.call('runs.remove', { run });
          removed(run);
          toasts.undo(`Removed ${run}`, () => void attempt(() => client.call('runs.restore', { trashed })));
        }
      }),
    save: (run: string, format: RunFormat) =>
      attempt(async () => {
        const { name, bytes } = await client.call('runs.export', { run, format });
        const saved = await platform.save(name, bytes, types[format]);
        if (saved !== null) toasts.show({ text: `Saved ${saved}`, tone: 'good' });
      }),
  };
}
