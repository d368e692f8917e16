/** Pictures of runs as addresses for <img>, fetched once and kept while they are likely to be looked at again. */

/** Pictures kept; a sample grid has some hundred kilobytes. */
const kept = 300;

export class Pictures {
  readonly #known = new Map<string, Promise<string>>();

  constructor(private readonly fetch: (run: string, image: string) => Promise<Uint8Array>) {}

  /** The address of a picture; one that failed is asked for again the next time. */
  of(run: string, image: string): Promise<string> {
    const key = `${run}/${image}`;
    const found =
      this.#known.get(key) ??
      this.fetch(run, image).then((png) => URL.createObjectURL(new Blob([new Uint8Array(png)], { type: 'image/png' })));
    this.#known.delete(key);
    this.#known.set(key, found);
    found.catch(() => this.#known.delete(key));
    for (const old of [...this.#known.keys()].slice(0, -kept)) this.#drop(old);
    return found;
  }

  clear(): void {
    for (const key of [...this.#known.keys()]) this.#drop(key);
  }

  #drop(key: string): void {
    this.#known.get(key)?.then(
      (address) => URL.revokeObjectURL(address),
      () => undefined,
    );
    this.#known.delete(key);
  }
}
