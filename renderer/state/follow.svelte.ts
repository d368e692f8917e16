/** A stream of states as a rune: the newest value, followed for as long as the window lives, through errors and restarts. */
import { AppError } from '../../core/lib/errors';
import { beat } from './beat';

export class Followed<T> {
  #value = $state.raw<T | undefined>();
  #problem = $state.raw<AppError | undefined>();
  #shown: string | undefined;

  /** `essence` of a value is what must be shown at once; where it stays, the rest only grew. Absent: everything must. */
  constructor(private readonly essence?: (value: T) => string) {}

  get value(): T | undefined {
    return this.#value;
  }
  /** Why there is nothing new. */
  get problem(): AppError | undefined {
    return this.#problem;
  }

  /** Follows until the signal; a stream that fails is opened again after a moment. */
  async run(open: (signal: AbortSignal) => AsyncIterable<T>, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        for await (const value of open(signal)) this.#take(value);
      } catch (error) {
        if (signal.aborted) return;
        this.#problem = error instanceof AppError ? error : new AppError('FAILED', String(error));
      }
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }

  #take(value: T): void {
    this.#problem = undefined;
    const essence = this.essence?.(value);
    const grown = essence !== undefined && essence === this.#shown;
    this.#shown = essence;
    if (grown) return beat.change(this, () => (this.#value = value));
    beat.forget(this);
    this.#value = value;
  }
}
