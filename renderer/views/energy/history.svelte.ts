/** ΔE and robust error of a run by epoch, from its evaluations; what a resume superseded is left out. */
import type { LowlandClient } from '../../../core/contract/api';
import type { RunEvents } from '../../../core/contract/areas/runs';
import { isCancelled } from '../../lib/problem';

export interface Evaluated {
  readonly seq: number;
  readonly step: number;
  /** Mean E(x) - E(x~) in nats, and the share of images that PGD turns. */
  readonly deltaEnergy: number;
  readonly robustError: number;
  readonly cleanError: number;
}
export interface Course {
  /** Epochs in a step; NaN while no step is known. */
  readonly epochs: number;
  readonly evaluations: readonly Evaluated[];
}

const number = (value: unknown): number => (typeof value === 'number' ? value : NaN);

/** The course with one more piece of the log. */
export function withEvents({ epochs, evaluations }: Course, { steps, events, superseded }: RunEvents): Course {
  const last = steps.step.length - 1;
  const [step = NaN, epoch = NaN] = [steps.step[last], steps.epoch[last]];
  const found = events
    .filter(({ kind }) => kind === 'evaluation')
    .map((event) => ({
      seq: event.seq,
      step: event.step,
      deltaEnergy: number(event['validation.deltaEnergy']),
      robustError: 1 - number(event['accuracy.robust']),
      cleanError: 1 - number(event['accuracy.clean']),
    }));
  const gone = ({ seq }: Evaluated) => superseded.some(([first, end]) => seq >= first && seq <= end);
  return {
    epochs: step > 0 && epoch > 0 ? epoch / step : epochs,
    evaluations: [...evaluations, ...found].filter((each) => !gone(each)),
  };
}

const nothing: Course = { epochs: NaN, evaluations: [] };

export class RunHistory {
  #course = $state.raw<Course>(nothing);
  #problem = $state.raw<unknown>();
  #reading = $state(false);
  #stop: AbortController | undefined;

  constructor(private readonly client: Pick<LowlandClient, 'stream'>) {}

  get course(): Course {
    return this.#course;
  }
  get problem(): unknown {
    return this.#problem;
  }
  /** No piece of the log has come yet. */
  get reading(): boolean {
    return this.#reading;
  }

  /** Follows a run for as long as it goes on; '' follows none. */
  async follow(run: string): Promise<void> {
    this.stop();
    this.#course = nothing;
    this.#problem = undefined;
    if (run === '') return;
    const stop = new AbortController();
    this.#stop = stop;
    this.#reading = true;
    try {
      for await (const events of this.client.stream('runs.events', { run }, { signal: stop.signal })) {
        this.#course = withEvents(this.#course, events);
        this.#reading = false;
      }
    } catch (error) {
      if (!isCancelled(error) && this.#stop === stop) this.#problem = error;
    } finally {
      if (this.#stop === stop) this.#reading = false;
    }
  }

  stop(): void {
    this.#stop?.abort();
    this.#reading = false;
  }
}
