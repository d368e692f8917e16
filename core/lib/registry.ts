/** A registry is data: entries by id, with the nearest id named when one is unknown. */
import { unknownName } from './nearest';
import type { Schema } from './options';

export interface Entry<S extends Schema = Schema> {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  /** Paper, equation or home page. */
  readonly reference: string;
  readonly options: S;
}

export class Registry<T extends { readonly id: string }> {
  readonly #entries: ReadonlyMap<string, T>;

  constructor(
    readonly kind: string,
    entries: readonly T[],
  ) {
    this.#entries = new Map(entries.map((entry) => [entry.id, entry]));
  }

  get ids(): string[] {
    return [...this.#entries.keys()];
  }

  get all(): T[] {
    return [...this.#entries.values()];
  }

  /** @throws AppError UNKNOWN_NAME with the nearest known id. */
  get(id: string): T {
    const entry = this.#entries.get(id);
    if (!entry) throw unknownName(this.kind, id, this.ids);
    return entry;
  }
}
