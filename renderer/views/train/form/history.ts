/** States to go back to and forward again. Changes of one thing in quick succession, as in typing, are one. */

/** Milliseconds within which changes of one thing count as one. */
const together = 1000;

export class History<T> {
  #states: T[];
  #at = 0;
  #last: { key: string; at: number } | undefined;

  constructor(
    first: T,
    private readonly now: () => number = Date.now,
  ) {
    this.#states = [first];
  }

  get canUndo(): boolean {
    return this.#at > 0;
  }
  get canRedo(): boolean {
    return this.#at < this.#states.length - 1;
  }

  /** `key` names what was changed. */
  add(state: T, key: string): void {
    const at = this.now();
    const same = this.#last?.key === key && at - this.#last.at < together && this.#at > 0;
    this.#states = [...this.#states.slice(0, same ? this.#at : this.#at + 1), state].slice(-200);
    this.#at = this.#states.length - 1;
    this.#last = { key, at };
  }

  undo(): T | undefined {
    return this.#go(this.#at - 1);
  }
  redo(): T | undefined {
    return this.#go(this.#at + 1);
  }

  #go(to: number): T | undefined {
    const state = this.#states[to];
    if (state === undefined) return undefined;
    this.#at = to;
    this.#last = undefined;
    return state;
  }
}
