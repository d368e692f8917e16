/** The logs of the runs in sight: each followed while it is shown, kept for a while after, and gone on with where it stopped. */
import type { LowlandClient } from '../../../../core/contract/api';
import { isCancelled } from '../../../lib/problem';
import { beat } from '../../../state/beat';
import { RunLog } from './run-log';

/** Logs that are kept though their runs are not shown. */
const kept = 8;

export class FollowedLog {
  readonly log = new RunLog();
  #version = $state(0);
  #loading = $state(true);
  #problem = $state.raw<unknown>();
  #stop: AbortController | undefined;
  /** Asked for while it was followed: the run may be going on, and its log ending only for the pause between. */
  #again = false;

  constructor(
    readonly run: string,
    private readonly client: LowlandClient,
  ) {}

  /** Grows with the log. */
  get version(): number {
    return this.#version;
  }
  /** Nothing has come yet. */
  get loading(): boolean {
    return this.#loading && this.#version === 0;
  }
  get problem(): unknown {
    return this.#problem;
  }

  /** Follows until the run is over; where it is followed already, once more after that. */
  follow(): void {
    if (this.#stop) {
      this.#again = true;
      return;
    }
    this.#again = false;
    const stop = new AbortController();
    this.#stop = stop;
    this.#problem = undefined;
    void this.#read(stop.signal)
      .catch((error: unknown) => {
        if (!isCancelled(error)) this.#problem = error;
      })
      .finally(() => {
        this.#loading = false;
        if (this.#stop !== stop) return;
        this.#stop = undefined;
        if (this.#again) this.follow();
      });
  }

  leave(): void {
    this.#stop?.abort();
    this.#stop = undefined;
  }

  async #read(signal: AbortSignal): Promise<void> {
    const options = { signal, after: this.log.seq };
    for await (const piece of this.client.stream('runs.events', { run: this.run }, options)) {
      this.log.take(piece);
      const grow = () => void this.#version++;
      if (this.#version === 0 || piece.events.length > 0) grow();
      else beat.change(this, grow);
    }
  }
}

export class Logs {
  readonly #known = new Map<string, FollowedLog>();

  constructor(private readonly client: LowlandClient) {}

  /** The logs of these runs, as far as they were read. */
  of(runs: readonly string[]): FollowedLog[] {
    return runs.map((run) => {
      const log = this.#known.get(run) ?? new FollowedLog(run, this.client);
      this.#known.delete(run);
      this.#known.set(run, log);
      return log;
    });
  }

  /** Follows these and leaves the others, of which some are kept. */
  follow(runs: readonly string[]): void {
    for (const log of this.of(runs)) log.follow();
    for (const [run, log] of this.#known) if (!runs.includes(run)) log.leave();
    for (const run of [...this.#known.keys()].slice(0, -(kept + runs.length))) this.#known.delete(run);
  }

  /** A removed run. */
  forget(run: string): void {
    this.#known.get(run)?.leave();
    this.#known.delete(run);
  }

  leave(): void {
    for (const log of this.#known.values()) log.leave();
  }
}
