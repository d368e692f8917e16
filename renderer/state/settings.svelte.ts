/** What the user chose and the window remembers: a small store of JSON by key, over a backend that can be exchanged. */
import { untrack } from 'svelte';
import type { Json, JsonObject } from '../../core/lib/json';

export interface SettingsBackend {
  read(): JsonObject | Promise<JsonObject>;
  write(key: string, value: Json): void | Promise<void>;
}

const storageKey = 'lowland.settings';

/** All settings in one entry of the browser's storage; storage that is full or forbidden forgets quietly. */
export const localBackend: SettingsBackend = {
  read() {
    try {
      const stored: unknown = JSON.parse(localStorage.getItem(storageKey) ?? '{}');
      return typeof stored === 'object' && stored !== null && !Array.isArray(stored) ? (stored as JsonObject) : {};
    } catch {
      return {};
    }
  },
  write(key, value) {
    try {
      localStorage.setItem(storageKey, JSON.stringify({ ...localBackend.read(), [key]: value }));
    } catch {
      // Nothing to do: the setting holds until the window closes.
    }
  },
};

const sameKind = (value: Json | undefined, fallback: Json): boolean =>
  value !== undefined &&
  typeof value === typeof fallback &&
  Array.isArray(value) === Array.isArray(fallback) &&
  (value === null) === (fallback === null);

class Settings {
  #values = $state.raw<JsonObject>({});
  #settled = $state(false);
  #backend: SettingsBackend | undefined;

  constructor() {
    const stored = localBackend.read();
    if (!(stored instanceof Promise)) this.#values = stored;
  }

  /** Whether a lasting backend was read, so that what is absent was never set. */
  get settled(): boolean {
    return this.#settled;
  }

  /** Reads from a lasting backend and writes to it from now on, too. What it does not know keeps the value it has. */
  async use(backend: SettingsBackend): Promise<void> {
    this.#backend = backend;
    try {
      const stored = await backend.read();
      this.#values = { ...this.#values, ...stored };
    } finally {
      this.#settled = true;
    }
  }

  /** The stored value, or `fallback` where there is none, it is of another kind, or `accept` refuses it. */
  get<T extends Json>(key: string, fallback: T, accept: (value: Json) => boolean = () => true): T {
    const value = this.#values[key];
    return value !== undefined && sameKind(value, fallback) && accept(value) ? (value as T) : fallback;
  }

  /** Keys are letters, digits, '.', '-' and '_'. An effect may set without depending on what is set. */
  set(key: string, value: Json): void {
    const before = untrack(() => this.#values);
    if (JSON.stringify(before[key]) === JSON.stringify(value)) return;
    this.#values = { ...before, [key]: value };
    // The browser's copy is there at once on the next start, before any host answers.
    void localBackend.write(key, value);
    // A setting that could not be kept still holds in this window.
    Promise.resolve(this.#backend?.write(key, value)).catch(() => undefined);
  }
}

export const settings = new Settings();
