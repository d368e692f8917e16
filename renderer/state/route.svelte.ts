/**
 * Where the window is: a view and what is selected in it, kept in location.hash as `#/datasets?dataset=cifar10&index=12`,
 * so that links, back and forward work.
 */
type Parameter = string | number | boolean | readonly string[];
type Parameters = Readonly<Record<string, Parameter>>;
/** The defaults' literals widened: { index: 0 } links a number. */
type Widened<T extends Parameters> = {
  -readonly [K in keyof T]: T[K] extends string
    ? string
    : T[K] extends number
      ? number
      : T[K] extends boolean
        ? boolean
        : readonly string[];
};
export type Linked<T extends Parameters> = Widened<T> & {
  /** Changes several at once; with `push`, as a step that "back" undoes. */
  set(change: Partial<Widened<T>>, options?: { push?: boolean }): void;
};

function parse(hash: string): { view: string; query: string } {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  return { view: path, query };
}

function read(text: string | null, fallback: Parameter): Parameter {
  if (text === null) return fallback;
  if (typeof fallback === 'string') return text;
  if (typeof fallback === 'boolean') return text === '1';
  if (typeof fallback === 'number') return text !== '' && Number.isFinite(Number(text)) ? Number(text) : fallback;
  return text === '' ? [] : text.split('~');
}

function write(value: Parameter): string {
  if (typeof value === 'boolean') return value ? '1' : '0';
  return typeof value === 'object' ? value.join('~') : String(value);
}

class Route {
  #view = $state('');
  #query = $state('');
  /** What each view had selected when it was left. */
  readonly #left = new Map<string, string>();

  constructor() {
    this.#follow();
    addEventListener('hashchange', () => this.#follow());
    addEventListener('popstate', () => this.#follow());
  }

  get view(): string {
    return this.#view;
  }

  /** The hash that leads here, for a link or to come back after a restart. */
  get hash(): string {
    return this.#hash(this.#view, this.#query);
  }

  /** Opens a view as it was left; with `parameters`, at exactly these. */
  open(view: string, parameters?: Parameters): void {
    const query = parameters ? this.#write(parameters) : (this.#left.get(view) ?? '');
    if (view !== this.#view || query !== this.#query) this.#go(view, query, true);
  }

  /** A link to a view at these parameters, for an <a href>. */
  href(view: string, parameters: Parameters = {}): string {
    return this.#hash(view, this.#write(parameters));
  }

  /** Goes to a hash from elsewhere: a stored place, a link of the shell. */
  restore(hash: string): void {
    const { view, query } = parse(hash);
    this.#go(view, query, false);
  }

  /**
   * Parameters of this view by name, typed by their defaults. Reading follows the address; assigning replaces it;
   * a value equal to its default is left out. Numbers that are none, and missing values, read as the default.
   */
  link<const T extends Parameters>(defaults: T): Linked<T> {
    const set = (change: Parameters, { push = false } = {}) => {
      const query = new URLSearchParams(this.#query);
      for (const [name, value] of Object.entries(change))
        if (write(value) === write(defaults[name] ?? '')) query.delete(name);
        else query.set(name, write(value));
      this.#go(this.#view, query.toString(), push);
    };
    const linked = { set };
    for (const [name, fallback] of Object.entries(defaults))
      Object.defineProperty(linked, name, {
        enumerable: true,
        get: () => read(new URLSearchParams(this.#query).get(name), fallback),
        set: (value: Parameter) => set({ [name]: value }),
      });
    return linked as Linked<T>;
  }

  #write(parameters: Parameters): string {
    return new URLSearchParams(Object.entries(parameters).map(([name, value]) => [name, write(value)])).toString();
  }

  #hash(view: string, query: string): string {
    return `#/${view}${query ? `?${query}` : ''}`;
  }

  #go(view: string, query: string, push: boolean): void {
    const hash = this.#hash(view, query);
    if (push) history.pushState(null, '', hash);
    else history.replaceState(null, '', hash);
    this.#follow();
  }

  #follow(): void {
    const { view, query } = parse(location.hash);
    this.#view = view;
    this.#query = query;
    this.#left.set(view, query);
  }
}

export const route = new Route();
