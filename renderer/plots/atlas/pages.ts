/**
 * The pages of pixels that are at hand: fetched when they are wanted, a few at a time, the most wanted first; the ones that were not
 * looked at longest are let go.
 */
import type { Level } from './levels';

/** Images as the host is asked for them. */
export type Images = Uint32Array<ArrayBuffer> | { readonly from: number; readonly count: number };
/** uint8 [n, h, w, c] of these images at 1/reduce of their size. */
export type LoadTiles = (images: Images, reduce: number, signal: AbortSignal) => Promise<Uint8Array>;

export interface PageImage {
  close?(): void;
}
export interface PageStoreOptions<T extends PageImage> {
  readonly levels: readonly Level[];
  readonly load: LoadTiles;
  readonly paint: (pixels: Uint8Array, level: Level) => Promise<T> | T;
  readonly onChange: () => void;
  readonly onError: (error: unknown) => void;
  /** Pages kept. */
  readonly most?: number;
  /** Pages fetched at a time. */
  readonly atOnce?: number;
}

interface Wanted {
  readonly level: number;
  readonly page: number;
}

export class PageStore<T extends PageImage> {
  #order: Uint32Array = new Uint32Array();
  /** The page used last stands last. */
  readonly #pages = new Map<string, T>();
  readonly #loading = new Map<string, AbortController>();
  readonly #failed = new Set<string>();
  #queue: Wanted[] = [];

  constructor(private readonly options: PageStoreOptions<T>) {}

  /** Pages on their way or waiting. */
  get pending(): number {
    return this.#loading.size + this.#queue.length;
  }

  /** Other images at these positions: every page is another one. */
  use(order: Uint32Array): void {
    this.clear();
    this.#order = order;
  }

  get(level: number, page: number): T | undefined {
    const name = nameOf(level, page);
    const image = this.#pages.get(name);
    if (image) {
      this.#pages.delete(name);
      this.#pages.set(name, image);
    }
    return image;
  }

  /** All pages that are wanted now, the most wanted first; what was wanted before and waits still is forgotten. */
  want(pages: readonly Wanted[]): void {
    const named = new Map(pages.map((wanted) => [nameOf(wanted.level, wanted.page), wanted]));
    this.#queue = [...named]
      .filter(([name]) => !this.#pages.has(name) && !this.#loading.has(name) && !this.#failed.has(name))
      .map(([, wanted]) => wanted);
    this.#next();
  }

  /** Tries again what could not be fetched. */
  retry(): void {
    this.#failed.clear();
  }

  clear(): void {
    for (const stop of this.#loading.values()) stop.abort();
    for (const image of this.#pages.values()) image.close?.();
    this.#loading.clear();
    this.#pages.clear();
    this.#failed.clear();
    this.#queue = [];
  }

  #next(): void {
    while (this.#loading.size < (this.options.atOnce ?? 3)) {
      const wanted = this.#queue.shift();
      if (!wanted) return;
      void this.#fetch(wanted);
    }
  }

  async #fetch({ level: index, page }: Wanted): Promise<void> {
    const { levels, load, paint, onChange, onError } = this.options;
    const level = levels[index];
    if (!level) return;
    const name = nameOf(index, page);
    const stop = new AbortController();
    this.#loading.set(name, stop);
    try {
      const images = asked(this.#order.subarray(page * level.tiles, (page + 1) * level.tiles));
      const image = await paint(await load(images, level.reduce, stop.signal), level);
      if (stop.signal.aborted) image.close?.();
      else this.#keep(name, image);
    } catch (error) {
      if (!stop.signal.aborted) {
        this.#failed.add(name);
        onError(error);
      }
    } finally {
      if (!stop.signal.aborted) {
        this.#loading.delete(name);
        onChange();
        this.#next();
      }
    }
  }

  #keep(name: string, image: T): void {
    this.#pages.set(name, image);
    for (const [old, unused] of this.#pages) {
      if (this.#pages.size <= (this.options.most ?? 160)) return;
      unused.close?.();
      this.#pages.delete(old);
    }
  }
}

const nameOf = (level: number, page: number): string => `${level}/${page}`;

/** A range where the indices are one. */
export function asked(indices: Uint32Array): Images {
  const from = indices[0] ?? 0;
  return indices.every((index, i) => index === from + i) ? { from, count: indices.length } : Uint32Array.from(indices);
}
