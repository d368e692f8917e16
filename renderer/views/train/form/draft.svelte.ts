/** A run that is being put together: a preset, what is changed in it, and what Lowland says of that. */
import type { LowlandClient } from '../../../../core/contract/api';
import type { Catalogue, Configured, PartName, ResolvedConfiguration } from '../../../../core/contract/areas/catalogue';
import type { JobRequest } from '../../../../core/contract/areas/jobs';
import type { Scalar } from '../../../../core/lib/options';
import { isSame } from '../../../components/option-text';
import { isCancelled } from '../../../lib/problem';
import { History } from './history';
import { type Options, type Overrides, asTexts, partBase, presetFile, schemaOf, trainingBase } from './overrides';

/** A preset by id, or a file with its text. */
export interface Source {
  readonly preset: string;
  readonly file?: string;
}
interface State {
  readonly name: string;
  readonly seed: number;
  readonly overrides: Overrides;
}
type From = { readonly run: string; readonly step: number };

/** Milliseconds after the last change before Lowland is asked. */
const delay = 250;

export class Draft {
  #state = $state.raw<State>({ name: '', seed: 0, overrides: {} });
  #configured = $state.raw<Configured>();
  #canUndo = $state(false);
  #canRedo = $state(false);
  #refused = $state.raw<unknown>();
  readonly #history: History<State>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stop: AbortController | undefined;

  private constructor(
    private readonly client: LowlandClient,
    readonly catalogue: Catalogue,
    readonly source: Source,
    readonly base: ResolvedConfiguration,
    start: State,
    /** Begins with the weights of this checkpoint. */
    readonly from: From | undefined,
  ) {
    this.#state = start;
    this.#history = new History(start);
    this.#ask();
  }

  /** @throws AppError for a preset that there is not, or a file that is none. */
  static async open(
    client: LowlandClient,
    catalogue: Catalogue,
    source: Source,
    {
      overrides = () => ({}),
      from,
      ...given
    }: Partial<Pick<State, 'name' | 'seed'>> & {
      /** What to change in it at once. */
      overrides?: (base: ResolvedConfiguration) => Overrides;
      from?: From;
    } = {},
  ): Promise<Draft> {
    const { base } = await client.call('catalogue.configure', { ...source, overrides: {}, seed: 0 });
    const start = { name: '', seed: 0, ...given, overrides: overrides(base) };
    return new Draft(client, catalogue, source, base, start, from);
  }

  get name(): string {
    return this.#state.name;
  }
  set name(name: string) {
    this.#change({ name }, 'name');
  }
  get seed(): number {
    return this.#state.seed;
  }
  set seed(seed: number) {
    this.#change({ seed }, 'seed');
  }
  get overrides(): Overrides {
    return this.#state.overrides;
  }
  get dataset(): string {
    return String(this.#state.overrides.dataset ?? this.base.dataset);
  }
  set dataset(id: string) {
    this.set('dataset', id, this.base.dataset);
  }
  get canUndo(): boolean {
    return this.#canUndo;
  }
  get canRedo(): boolean {
    return this.#canRedo;
  }
  /** What Lowland says of it; of the last state that it was asked of. */
  get configured(): Configured | undefined {
    return this.#configured;
  }
  get refused(): unknown {
    return this.#refused;
  }

  partId(part: PartName): string {
    return String(this.overrides[part] ?? this.base[part].id);
  }
  /** Another part begins with its own defaults. */
  choose(part: PartName, id: string): void {
    const others = Object.entries(this.overrides).filter(([name]) => name !== part && !name.startsWith(`${part}.`));
    const own = id === this.base[part].id ? [] : [[part, id] as const];
    this.#change({ overrides: Object.fromEntries([...others, ...own]) }, part);
  }
  schema(part: PartName) {
    return schemaOf(this.catalogue, part, this.partId(part));
  }
  partBase(part: PartName): Options {
    return partBase(this.catalogue, this.base, part, this.partId(part));
  }
  get trainingBase(): Options {
    return trainingBase(this.catalogue, this.base);
  }
  /** Options of a part ('objective.'), or of the training (''), as they are now. */
  values(base: Options, prefix: string): Options {
    return Object.fromEntries(
      Object.entries(base).map(([name, value]) => [name, this.overrides[`${prefix}${name}`] ?? value]),
    );
  }
  set(name: string, value: Scalar, base: Scalar | undefined): void {
    const { [name]: _, ...others } = this.overrides;
    const same = base !== undefined && isSame(value, base);
    this.#change({ overrides: same ? others : { ...others, [name]: value } }, name);
  }

  undo(): void {
    this.#show(this.#history.undo());
  }
  redo(): void {
    this.#show(this.#history.redo());
  }

  /** The job that trains it. */
  get request(): JobRequest {
    const { name, seed, overrides } = this.#state;
    const from = this.from ? { from: this.from } : {};
    return { kind: 'train', ...this.source, name: name.trim(), seed, overrides: asTexts(overrides), ...from };
  }

  /** Everything resolved, as a file. */
  get file(): { name: string; text: string } | undefined {
    const configuration = this.#configured?.configuration;
    if (!configuration) return undefined;
    const name = this.name.trim() || configuration.name;
    return { name: `${name.replace(/[^\w.-]+/g, '-')}.json`, text: presetFile(configuration, name) };
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#stop?.abort();
  }

  #change(change: Partial<State>, key: string): void {
    this.#state = { ...this.#state, ...change };
    this.#history.add(this.#state, key);
    this.#after();
  }
  #show(state: State | undefined): void {
    if (!state) return;
    this.#state = state;
    this.#after();
  }
  #after(): void {
    this.#canUndo = this.#history.canUndo;
    this.#canRedo = this.#history.canRedo;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), delay);
  }

  #ask(): void {
    this.#stop?.abort();
    const { signal } = (this.#stop = new AbortController());
    const { seed, overrides } = this.#state;
    this.client.call('catalogue.configure', { ...this.source, seed, overrides: asTexts(overrides) }, { signal }).then(
      (configured) => {
        this.#configured = configured;
        this.#refused = undefined;
      },
      (error: unknown) => {
        if (!isCancelled(error)) this.#refused = error;
      },
    );
  }
}
