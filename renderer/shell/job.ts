/** A job as the status bar shows it; the contract's Job is one. */
import { count, duration, rate } from '../lib/format';
import type { Problem } from '../lib/problem';

export interface JobProgress {
  readonly task: string;
  readonly done: number;
  readonly total: number;
  readonly unit: string;
  readonly note?: string;
  readonly rate?: number;
  readonly secondsLeft?: number;
}
export interface ShellJob {
  readonly id: string;
  readonly kind: string;
  readonly title: string;
  readonly state: 'queued' | 'running' | 'paused' | 'done' | 'failed' | 'stopped';
  readonly progress?: JobProgress;
  readonly problem?: Problem;
}
export interface JobActions {
  readonly pause: (id: string) => void;
  readonly resume: (id: string) => void;
  readonly stop: (id: string) => void;
  /** Goes to the view that shows it. */
  readonly open: (id: string) => void;
  readonly dismiss: (id: string) => void;
}

export const shareOf = ({ progress }: ShellJob): number | undefined =>
  progress && progress.total > 0 ? progress.done / progress.total : undefined;

/** 'steps 1 240 / 4 000', as much as is known. */
export const doneText = ({ done, total, unit }: JobProgress): string =>
  unit === '%' ? `${count(done)} %` : total > 0 ? `${unit} ${count(done)} / ${count(total)}` : `${count(done)} ${unit}`;

/** '41 img/s · 3 min left' */
export const paceText = ({ rate: pace, unit, secondsLeft }: JobProgress): string =>
  [pace !== undefined && unit !== '%' && rate(pace, unit), secondsLeft !== undefined && `${duration(secondsLeft)} left`]
    .filter(Boolean)
    .join(' · ');

/** 'Train jeat, seed 1 was queued when Lowland ended.' */
export function leftText(jobs: readonly Pick<ShellJob, 'title'>[]): string {
  const [first, second, ...more] = jobs.map(({ title }) => title);
  if (second === undefined) return `${first ?? ''} was queued when Lowland ended.`;
  const named = [first, second, ...(more.length > 0 ? [`and ${count(more.length)} more`] : [])].join('; ');
  return `${count(jobs.length)} jobs were queued when Lowland ended: ${named}.`;
}
