/** Rate and time left of a task, over its last half minute: a pause or a slow start does not stay in the figure. */
import type { JobProgress } from '../contract/areas/jobs';

const span = 30_000;

export function createMeter() {
  let task = '';
  let points: { t: number; done: number }[] = [];
  /** `t` in milliseconds. */
  return (
    progress: Pick<JobProgress, 'task' | 'done' | 'total'>,
    t: number,
  ): Pick<JobProgress, 'rate' | 'secondsLeft'> => {
    if (progress.task !== task) {
      task = progress.task;
      points = [];
    }
    points.push({ t, done: progress.done });
    while (points.length > 2 && (points[0]?.t ?? 0) < t - span) points.shift();
    const [first] = points;
    const seconds = first ? (t - first.t) / 1000 : 0;
    const rate = first && seconds > 0.2 ? (progress.done - first.done) / seconds : 0;
    if (!(rate > 0)) return {};
    return progress.total > 0 ? { rate, secondsLeft: Math.max(0, (progress.total - progress.done) / rate) } : { rate };
  };
}
