/**
 * When what grows by itself (progress, logs) is shown: at once while somebody works with the window, else at most every few seconds and
 * all of it in one picture, since every picture is drawn by processors that train.
 */

/** Milliseconds after the last touch in which the window counts as worked with. */
const attention = 15_000;
/** Milliseconds between two pictures of a window that nobody touches. */
const apart = 3000;

export class Beat {
  readonly #waiting = new Map<object, () => void>();
  #touched: number;
  #last = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly now: () => number = () => performance.now()) {
    this.#touched = now();
  }

  /** Somebody works with the window. */
  get attended(): boolean {
    return this.now() - this.#touched < attention;
  }

  /** A key, a pointer, a wheel: what waits is shown. */
  touch(): void {
    this.#touched = this.now();
    if (this.#waiting.size > 0) this.#show();
  }

  /** Makes a change now or at the next beat; of an owner's changes only the newest. */
  change(owner: object, make: () => void): void {
    this.#waiting.set(owner, make);
    const wait = this.attended ? 0 : this.#last + apart - this.now();
    if (wait <= 0) this.#show();
    else this.#timer ??= setTimeout(() => this.#show(), wait);
  }

  /** Makes no more of this owner's changes. */
  forget(owner: object): void {
    this.#waiting.delete(owner);
  }

  #show(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#last = this.now();
    const changes = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const make of changes) make();
  }
}

export const beat = new Beat();

/** Called once, in the window's root; until the signal. */
export function feelTouches(signal: AbortSignal): void {
  const touch = () => beat.touch();
  for (const name of ['pointermove', 'pointerdown', 'wheel', 'keydown', 'focus'])
    addEventListener(name, touch, { capture: true, passive: true, signal });
}
