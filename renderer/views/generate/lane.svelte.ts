/** One set of chains on the engine as the window sees it: opened by words, moved, sent back, with its way so far. */
import type { LowlandClient } from '../../../core/contract/api';
import type { SamplingFrame, SamplingSession } from '../../../core/contract/areas/sampling';
import { type Problem, asProblem, isCancelled } from '../../lib/problem';
import { type Options, sameOptions } from './options';
import { type Trajectory, extended, noWay } from './trajectory';
import { type Change, type Made, type Shared, type Way, planOf } from './words';

export type LaneState = 'empty' | 'opening' | 'ready' | 'failed' | 'gone';

/** Codes after which the chains are no more, and a new start helps. */
const lost = ['NOT_FOUND', 'ENGINE', 'CONNECTION'];

export class Lane {
  #state = $state<LaneState>('empty');
  #problem = $state.raw<Problem>();
  #session = $state.raw<SamplingSession>();
  #made = $state.raw<{ shared: Shared; way: Way }>();
  #way = $state.raw<Trajectory>(noWay);
  #history = $state.raw<readonly Change[]>([]);
  #abort = new AbortController();

  constructor(private readonly client: LowlandClient) {}

  get state(): LaneState {
    return this.#state;
  }
  /** Why it is not ready. */
  get problem(): Problem | undefined {
    return this.#problem;
  }
  /** The last session that opened; its images stay while another is opened. */
  get session(): SamplingSession | undefined {
    return this.#session;
  }
  get way(): Trajectory {
    return this.#way;
  }
  get step(): number {
    return this.#way.marginal.at(-1)?.step ?? 0;
  }

  /** What made the images of a step. */
  made(step = this.step): Made | undefined {
    if (!this.#made || !this.#session) return undefined;
    const history = this.#history.filter((change) => change.step < Math.max(1, step));
    return { ...this.#made, classes: this.#session.classes, history, step };
  }

  /** Opens new chains in the place of the old ones; true when they are ready. */
  async open(shared: Shared, way: Way): Promise<boolean> {
    this.#abort.abort();
    const { signal } = (this.#abort = new AbortController());
    const old = this.#state === 'ready' ? this.#session?.session : undefined;
    this.#state = 'opening';
    if (old) this.#drop(old);
    try {
      const session = await this.client.call('sampling.open', planOf(shared, way), { signal });
      if (signal.aborted) {
        this.#drop(session.session);
        return false;
      }
      this.#session = session;
      this.#made = { shared, way };
      this.#history = [];
      this.#way = extended(noWay, session.frame);
      this.#problem = undefined;
      this.#state = 'ready';
      return true;
    } catch (error) {
      if (!signal.aborted) this.#fail(error, 'failed');
      return false;
    }
  }

  /** Moves the chains; false when they did not move. */
  advance(steps: number, options: Options): Promise<boolean> {
    return this.#move(async (session, signal) => {
      const last = this.#history.at(-1);
      if (!last || !sameOptions(last.options, options))
        this.#history = [...this.#history, { step: this.step, options }];
      const frame = await this.client.call('sampling.advance', { session, steps, options }, { signal });
      return { frame, way: this.#way };
    });
  }

  rewind(): Promise<boolean> {
    return this.#move(async (session, signal) => {
      const frame = await this.client.call('sampling.rewind', { session }, { signal });
      this.#history = [];
      return { frame, way: noWay };
    });
  }

  close(): void {
    this.#abort.abort();
    if (this.#state === 'ready' && this.#session) this.#drop(this.#session.session);
    this.#state = 'empty';
  }

  async #move(
    work: (session: string, signal: AbortSignal) => Promise<{ frame: SamplingFrame; way: Trajectory }>,
  ): Promise<boolean> {
    const { signal } = this.#abort;
    const session = this.#session?.session;
    if (this.#state !== 'ready' || session === undefined) return false;
    try {
      const { frame, way } = await work(session, signal);
      if (signal.aborted) return false;
      this.#way = extended(way, frame);
      this.#problem = undefined;
      return true;
    } catch (error) {
      if (!signal.aborted) this.#fail(error, 'ready');
      return false;
    }
  }

  #fail(error: unknown, state: 'failed' | 'ready'): void {
    if (isCancelled(error)) return;
    this.#problem = asProblem(error);
    this.#state = lost.includes(this.#problem.code) && state === 'ready' ? 'gone' : state;
  }

  /** Frees chains that nobody looks at; that they are gone already is as good. */
  #drop(session: string): void {
    this.client.call('sampling.close', { session }).catch(() => undefined);
  }
}
