/** A value with its newest state: readers get it at once and after changes, but never faster than `interval`, and never an old one. */
export class Latest<T> {
  #value: T;
  #version = 0;
  readonly #waiting = new Set<() => void>();

  constructor(
    value: T,
    /** Milliseconds. */
    private readonly interval = 0,
  ) {
    this.#value = value;
  }

  get value(): T {
    return this.#value;
  }

  set(value: T): void {
    this.#value = value;
    this.#version++;
    for (const wake of [...this.#waiting]) wake();
  }

  async *follow(signal: AbortSignal): AsyncGenerator<T, void, undefined> {
    let seen = -1;
    while (!signal.aborted) {
      if (seen !== this.#version) {
        seen = this.#version;
        yield this.#value;
        if (this.interval > 0) await this.#pause(signal, this.interval);
      } else await this.#pause(signal);
    }
  }

  /** Until the next change, or for so many milliseconds, or until the signal. */
  #pause(signal: AbortSignal, milliseconds?: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = milliseconds === undefined ? undefined : setTimeout(() => wake(), milliseconds);
      const wake = () => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      if (milliseconds === undefined) this.#waiting.add(wake);
      signal.addEventListener('abort', wake);
      if (signal.aborted) wake();
    });
  }
}
