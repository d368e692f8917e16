/** Something that is asked for, again whenever what it depends on changes: its newest value, or why there is none. */
import { isCancelled } from '../../lib/problem';

export class Loaded<T> {
  #value = $state.raw<T | undefined>();
  #problem = $state.raw<unknown>();
  #busy = $state(false);
  #stop: AbortController | undefined;

  get value(): T | undefined {
    return this.#value;
  }
  get problem(): unknown {
    return this.#problem;
  }
  get busy(): boolean {
    return this.#busy;
  }

  /** Asks; what was asked before is cancelled. The old value stays until the new one is there. */
  async ask(work: (signal: AbortSignal) => Promise<T>): Promise<void> {
    this.#stop?.abort();
    const stop = new AbortController();
    this.#stop = stop;
    this.#busy = true;
    try {
      const value = await work(stop.signal);
      if (stop.signal.aborted) return;
      this.#value = value;
      this.#problem = undefined;
    } catch (error) {
      if (!stop.signal.aborted && !isCancelled(error)) this.#problem = error;
    } finally {
      if (this.#stop === stop) this.#busy = false;
    }
  }

  /** Cancels what is on its way. */
  stop(): void {
    this.#stop?.abort();
    this.#busy = false;
  }

  clear(): void {
    this.stop();
    this.#value = undefined;
    this.#problem = undefined;
  }
}
