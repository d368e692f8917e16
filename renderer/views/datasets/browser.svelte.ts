/** The split that is open: its labels, the scores of models over it as they come in, and what is selected. */
import type { LowlandClient } from '../../../core/contract/api';
import type { Side } from '../../../core/contract/areas/common';
import type { DatasetDetails } from '../../../core/contract/areas/datasets';
import type { OptionValues } from './attack-options';
import { Loaded } from './loaded.svelte';
import { type Scores, addBatch, emptyScores } from './scores';

export interface OpenSplit {
  readonly dataset: string;
  readonly side: Side;
  readonly details: DatasetDetails;
  readonly labels: Int32Array;
}
export interface ScorePlan {
  readonly model: string;
  /** The first so many images. */
  readonly limit: number;
  readonly attack?: { readonly attack: string; readonly options: OptionValues };
  readonly seed: number;
}
export interface Scoring {
  readonly model: string;
  readonly done: number;
  readonly total: number;
  /** Images a second. */
  readonly rate: number;
}

export class Browser {
  readonly split = new Loaded<OpenSplit>();
  selected = $state.raw<ReadonlySet<number>>(new Set());
  /** Scores by dataset, side and model; kept while the view is open. */
  readonly #book = new Map<string, Scores>();
  #scored = $state(0);
  #settled = $state(0);
  #scoring = $state.raw<Scoring | undefined>();
  #problem = $state.raw<unknown>();
  #stop: AbortController | undefined;

  constructor(private readonly client: LowlandClient) {}

  /** What is being scored. */
  get scoring(): Scoring | undefined {
    return this.#scoring;
  }
  /** Why the last scores ended early. */
  get problem(): unknown {
    return this.#problem;
  }

  /** Opens it unless it is open: a connection that came back changes nothing. */
  show(dataset: string, side: Side): void {
    const { value, problem } = this.split;
    if (value?.dataset === dataset && value.side === side && problem === undefined) return;
    this.open(dataset, side);
  }

  open(dataset: string, side: Side): void {
    this.selected = new Set();
    this.cancel();
    if (this.split.value?.dataset !== dataset || this.split.value.side !== side) this.split.clear();
    void this.split.ask(async (signal) => {
      const [details, { labels }] = await Promise.all([
        this.client.call('datasets.open', { dataset }, { signal }),
        this.client.call('datasets.labels', { dataset, side }, { signal }),
      ]);
      return { dataset, side, details, labels };
    });
  }

  close(): void {
    this.cancel();
    this.split.clear();
  }

  /** Of a model over the open split, as far as they are there; changes with every batch. */
  scores(model: string): Scores | undefined {
    void this.#scored;
    return this.#copy(model);
  }

  /** The same, but changing seldom: sorting again for every batch would never let the eye rest. */
  settledScores(model: string): Scores | undefined {
    void this.#settled;
    return this.#copy(model);
  }

  async score(plan: ScorePlan): Promise<void> {
    const split = this.split.value;
    if (!split) return;
    this.cancel();
    const stop = new AbortController();
    this.#stop = stop;
    this.#problem = undefined;
    const { model, limit, attack, seed } = plan;
    const { dataset, side, labels } = split;
    const total = Math.min(limit, labels.length);
    const scores = emptyScores(model, labels.length, total, attack?.attack);
    const started = performance.now();
    let arranged = 0;
    this.#scoring = { model, done: 0, total, rate: 0 };
    try {
      const asked = { model, dataset, side, limit, seed, ...(attack ? { attack } : {}) };
      for await (const batch of this.client.stream('datasets.scores', asked, { signal: stop.signal })) {
        if (scores.done === 0) this.#book.set(this.#name(model), scores);
        addBatch(scores, batch);
        const seconds = (performance.now() - started) / 1000;
        this.#scoring = { model, done: scores.done, total, rate: scores.done / Math.max(0.001, seconds) };
        this.#scored++;
        if (scores.done >= 2 * arranged) {
          arranged = scores.done;
          this.#settled++;
        }
      }
    } catch (error) {
      if (!stop.signal.aborted) this.#problem = error;
    } finally {
      if (this.#stop === stop) this.#scoring = undefined;
      this.#settled++;
    }
  }

  cancel(): void {
    this.#stop?.abort();
    this.#scoring = undefined;
  }

  /** Another object each time: the arrays are filled in place, and a reader must see that they changed. */
  #copy(model: string): Scores | undefined {
    const scores = this.#book.get(this.#name(model));
    return scores && { ...scores };
  }

  #name(model: string): string {
    const { dataset = '', side = '' } = this.split.value ?? {};
    return `${dataset}/${side}/${model}`;
  }
}
