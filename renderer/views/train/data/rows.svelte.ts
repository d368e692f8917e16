/** Runs as the view lists them: those on disk with the jobs that work on them, what is chosen, pinned and searched. */
import type { Job } from '../../../../core/contract/areas/jobs';
import type { RunRow } from '../../../../core/contract/areas/runs';
import { settings } from '../../../state/settings.svelte';
import type { RowState } from '../words';

export interface ListedRun extends Omit<RunRow, 'state'> {
  readonly state: RowState;
  readonly pinned: boolean;
  /** The newest job that works, or worked, on it. */
  readonly job?: Job;
}

/** Everything of a list but the time that its runs have worked. */
export const withoutTime = (rows: readonly RunRow[]): string =>
  JSON.stringify(rows, (name, value: unknown) => (name === 'seconds' ? undefined : value));

const trains = ({ kind }: Job): boolean => kind === 'train' || kind === 'resume';

/** Pinned ones first, then the newest. */
export function listed(rows: readonly RunRow[], jobs: readonly Job[], pinned: readonly string[]): ListedRun[] {
  return rows
    .filter(({ kind }) => kind === undefined || kind === 'train' || kind === 'demo')
    .map((row): ListedRun => {
      const job = jobs.filter((each) => trains(each) && each.target === row.run).at(-1);
      const held = row.state !== 'running' && (job?.state === 'paused' || job?.state === 'queued');
      return {
        ...row,
        state: held && job ? (job.state as RowState) : row.state,
        pinned: pinned.includes(row.run),
        ...(job ? { job } : {}),
      };
    })
    .sort(
      (a, b) =>
        Number(b.pinned) - Number(a.pinned) ||
        (b.created ?? '').localeCompare(a.created ?? '') ||
        a.run.localeCompare(b.run),
    );
}

/** Jobs that have no run yet. */
export const waiting = (jobs: readonly Job[]): Job[] =>
  jobs.filter((job) => trains(job) && job.target === undefined && job.state !== 'done' && job.state !== 'stopped');

/** Whether every word is in the run's name or in what it was asked to do. */
export function found({ run, preset, dataset, objective, state, seed }: ListedRun, search: string): boolean {
  const text = [run, preset, dataset, objective, state, seed === undefined ? '' : `seed ${seed}`]
    .join(' ')
    .toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

class Pins {
  get all(): readonly string[] {
    return settings.get<string[]>('train.pinned', []);
  }
  toggle(run: string): void {
    settings.set(
      'train.pinned',
      this.all.includes(run) ? this.all.filter((other) => other !== run) : [...this.all.slice(-199), run],
    );
  }
}
export const pins = new Pins();
