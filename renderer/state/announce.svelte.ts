/** What the shell around the window is told of jobs: the taskbar's progress, whether leaving should ask, and the end of long ones. */
import type { Job } from '../../core/contract/areas/jobs';
import { platform } from '../platform/platform';
import { host } from './host.svelte';
import { toasts } from './toasts.svelte';

/** Shorter jobs end without a notice of the system: their user is still looking. */
const long = 60_000;

/** Called once, in the window's root. */
export function announceJobs(): void {
  let before: ReadonlyMap<string, Job> | undefined;
  $effect(() => {
    const { jobs } = host;
    const running = jobs.find(({ state }) => state === 'running');
    const { progress } = running ?? {};
    void platform.setProgress(progress && progress.total > 0 ? progress.done / progress.total : null);
    void platform.setBusy(running !== undefined);
    for (const job of jobs) {
      const earlier = before?.get(job.id);
      if (earlier && earlier.state !== job.state) tell(job);
    }
    before = new Map(jobs.map((job) => [job.id, job]));
  });
}

function tell({ state, title, problem, created, ended = created }: Job): void {
  const away = document.visibilityState === 'hidden' || !document.hasFocus();
  const notify = (text: string) => {
    if (away && ended - created > long) void platform.notify(title, text);
  };
  if (state === 'done') {
    toasts.show({ text: `${title}: done`, tone: 'good' });
    notify('Done.');
  }
  if (state === 'failed' && problem) {
    toasts.show({
      text: `${title}: ${problem.message}`,
      tone: 'bad',
      seconds: 0,
      ...(problem.hint ? { detail: problem.hint } : {}),
    });
    notify(problem.message);
  }
}
