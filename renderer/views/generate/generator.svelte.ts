/**
 * The state of the Generate view: the words of one or two sets of chains, the sets themselves, and the transport that moves them
 * together. Changing what a start depends on opens new chains; options of a sampler hold from the next step on.
 */
import type { LowlandClient } from '../../../core/contract/api';
import type { Schema } from '../../../core/lib/options';
import { Lane } from './lane.svelte';
import { type Options, standing } from './options';
import { type Shared, type Way } from './words';

/** Milliseconds of a step in slow motion. */
const slowStep = 600;
/** Milliseconds without a change before chains are opened anew. */
const settling = 250;

export class Generator {
  #shared = $state.raw<Shared>({ start: 'uniform', dataset: '', classes: [], n: 50, seed: 0, fill: 'image' });
  #ways = $state.raw<readonly Way[]>([]);
  #lanes = $state.raw<readonly Lane[]>([]);
  #playing = $state(false);
  /** A step or a rewind is under way. */
  #moving = $state(false);
  #goal = $state(0);
  #shown = $state<number>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  slow = $state(false);
  selected = $state<{ lane: number; image: number }>();
  hovered = $state<number>();

  constructor(
    private readonly client: LowlandClient,
    /** The options of a sampler. */
    private readonly schemaOf: (sampler: string) => Schema,
  ) {}

  get shared(): Shared {
    return this.#shared;
  }
  get ways(): readonly Way[] {
    return this.#ways;
  }
  get lanes(): readonly Lane[] {
    return this.#lanes;
  }
  get playing(): boolean {
    return this.#playing;
  }
  get busy(): boolean {
    return this.#playing || this.#moving;
  }
  /** The step that all sets have reached. */
  get step(): number {
    return this.#lanes.length > 0 ? Math.min(...this.#lanes.map(({ step }) => step)) : 0;
  }
  /** The step at which playing stops. */
  get goal(): number {
    return this.#goal;
  }
  set goal(steps: number) {
    this.#goal = Math.max(1, Math.round(steps));
  }
  /** The step whose images are shown: the newest, unless the user looks back. */
  get shown(): number {
    return this.#shown ?? this.step;
  }
  set shown(step: number) {
    this.#shown = step >= this.step ? undefined : step;
  }
  get ready(): boolean {
    return this.#lanes.length > 0 && this.#lanes.every(({ state }) => state === 'ready');
  }

  /** The options of a set's sampler as they stand. */
  options(lane: number): Options {
    const way = this.#ways[lane];
    return way ? standing(this.schemaOf(way.sampler), this.recipe(lane), way.options) : {};
  }
  /** What has worked for the set's sampler and start. */
  recipe(lane: number): Options {
    return this.#lanes[lane]?.session?.recipe.options ?? {};
  }

  /** Sets everything, and opens the chains at once. */
  async begin(shared: Shared, ways: readonly Way[]): Promise<void> {
    this.#shared = shared;
    this.#ways = ways;
    await this.#open();
  }

  change(shared: Partial<Shared>): void {
    const kind = 'start' in shared && shared.start !== this.#shared.start;
    this.#shared = { ...this.#shared, ...shared };
    // what was set for one start seldom suits another
    if (kind) this.#ways = this.#ways.map((way) => ({ ...way, options: {} }));
    this.#openSoon();
  }

  changeWay(lane: number, way: Partial<Way>): void {
    const old = this.#ways[lane];
    if (!old) return;
    const other = 'sampler' in way && way.sampler !== old.sampler ? { options: {} } : {};
    this.#ways = this.#ways.map((each, i) => (i === lane ? { ...each, ...way, ...other } : each));
    this.#openSoon();
  }

  /** Holds from the next step on. */
  setOption(lane: number, name: string, value: Options[string] | undefined): void {
    this.#ways = this.#ways.map((way, i) => {
      if (i !== lane) return way;
      const { [name]: _old, ...rest } = way.options;
      return { ...way, options: value === undefined ? rest : { ...rest, [name]: value } };
    });
  }

  /** A second set beside the first, with the same starts and noise; without a way, alone again. */
  compare(way: Way | undefined): void {
    const [first] = this.#ways;
    if (!first) return;
    if (this.selected?.lane === 1) this.selected = undefined;
    this.#ways = way ? [first, way] : [first];
    this.#openSoon();
  }

  async play(): Promise<void> {
    if (this.busy || !this.ready) return;
    if (this.step >= this.#goal) this.#goal = this.step + Math.max(1, this.#usual());
    this.#playing = true;
    this.#shown = undefined;
    while (this.#playing && this.step < this.#goal) {
      const began = performance.now();
      if (!(await this.#advance(1))) break;
      const rest = this.slow ? slowStep - (performance.now() - began) : 0;
      // without slow motion too, the window draws every step
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, rest)));
    }
    this.#playing = false;
  }

  pause(): void {
    this.#playing = false;
  }

  /** So many steps at once. */
  async advance(steps: number): Promise<void> {
    if (this.busy || !this.ready) return;
    this.#moving = true;
    this.#shown = undefined;
    await this.#advance(steps);
    if (this.step > this.#goal) this.#goal = this.step;
    this.#moving = false;
  }

  async rewind(): Promise<void> {
    this.pause();
    this.#moving = true;
    this.#shown = undefined;
    await Promise.all(this.#lanes.map((lane) => lane.rewind()));
    this.#goal = this.#usual();
    this.#moving = false;
  }

  /** Opens the same chains again: after the engine was gone. */
  restart(): Promise<void> {
    return this.#open();
  }

  leave(): void {
    this.pause();
    clearTimeout(this.#timer);
  }
  close(): void {
    this.leave();
    for (const lane of this.#lanes) lane.close();
  }

  async #advance(steps: number): Promise<boolean> {
    const moved = await Promise.all(this.#lanes.map((lane, i) => lane.advance(steps, this.options(i))));
    return moved.every(Boolean);
  }

  #openSoon(): void {
    this.pause();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#open(), settling);
  }

  async #open(): Promise<void> {
    this.leave();
    this.#shown = undefined;
    for (const lane of this.#lanes.slice(this.#ways.length)) lane.close();
    this.#lanes = this.#ways.map((_, i) => this.#lanes[i] ?? new Lane(this.client));
    const lanes = this.#lanes;
    if (this.#shared.start === 'image' && !this.#shared.own) {
      for (const lane of lanes) lane.close();
      return;
    }
    await Promise.all(this.#ways.map((way, i) => lanes[i]?.open(this.#shared, way)));
    this.#goal = this.#usual();
    if ((this.selected?.image ?? 0) >= this.#shared.n) this.selected = undefined;
  }

  #usual(): number {
    return Math.max(1, ...this.#lanes.map(({ session }) => session?.recipe.steps ?? 1));
  }
}
