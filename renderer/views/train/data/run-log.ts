/** The log of a run in the window: steps, evaluations and samples as columns, the rest as lines to read. */
import type { RunEvents } from '../../../../core/contract/areas/runs';
import { LogTable } from './log-table';

type LogEvent = RunEvents['events'][number];

export class RunLog {
  readonly steps = new LogTable();
  readonly evaluations = new LogTable();
  readonly samples = new LogTable();
  /** Everything that is no step, in order; superseded ones too. */
  readonly events: LogEvent[] = [];
  /** Seqs that resumes went back before. */
  readonly superseded: (readonly [first: number, last: number])[] = [];
  #seq = -1;
  #began: number | undefined;
  #lastTime = 0;
  /** Milliseconds of pauses so far. */
  #paused = 0;

  /** The last seq that was taken: where to go on. */
  get seq(): number {
    return this.#seq;
  }

  take({ seq, steps, events, superseded }: RunEvents): void {
    if (seq <= this.#seq) return;
    const n = steps.seq.length;
    this.#began ??= Math.min(steps.t[0] ?? Infinity, events[0]?.t ?? Infinity);
    for (let i = 0; i < n; i++)
      this.steps.add({
        seq: steps.seq[i] ?? NaN,
        step: steps.step[i] ?? NaN,
        epoch: steps.epoch[i] ?? NaN,
        time: this.#elapsed(steps.t[i] ?? NaN),
      });
    this.steps.fill(steps.values, n);
    for (const event of events) {
      if (event.kind === 'resume') this.#paused += Math.max(0, event.t - Math.max(this.#lastTime, steps.t[n - 1] ?? 0));
      this.#lastTime = Math.max(this.#lastTime, event.t);
      this.#takeEvent(event);
    }
    this.#lastTime = Math.max(this.#lastTime, steps.t[n - 1] ?? 0);
    for (const [first, last] of superseded) {
      this.superseded.push([first, last]);
      for (const table of [this.steps, this.evaluations, this.samples]) table.supersede(first);
    }
    this.#seq = seq;
  }

  isSuperseded(event: LogEvent): boolean {
    return event.kind !== 'resume' && this.superseded.some(([first, last]) => event.seq >= first && event.seq <= last);
  }

  #takeEvent(event: LogEvent): void {
    this.events.push(event);
    const table = event.kind === 'evaluation' ? this.evaluations : event.kind === 'samples' ? this.samples : undefined;
    if (!table) return;
    const { seq, step, t, kind: _, ...rest } = event;
    const numbers = Object.entries(rest).flatMap(([name, value]) =>
      typeof value === 'number' ? [[name, [value]] as const] : [],
    );
    table.add({ seq, step, epoch: step * this.#epochsPerStep(), time: this.#elapsed(t) });
    table.fill(Object.fromEntries(numbers), 1);
  }

  #elapsed(t: number): number {
    return Math.max(0, t - (this.#began ?? t) - this.#paused) / 1000;
  }

  #epochsPerStep(): number {
    const at = this.steps.length - 1;
    return at < 0 ? NaN : (this.steps.epoch.raw[at] ?? NaN) / (this.steps.step.raw[at] ?? NaN);
  }
}
