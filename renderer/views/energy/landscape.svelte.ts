/** The planes of several models: each refines in a stream of its own; what is there stays while finer points are on their way. */
import type { LowlandClient } from '../../../core/contract/api';
import type { PlaneLevel } from '../../../core/contract/areas/surface';
import { isCancelled } from '../../lib/problem';
import type { PlaneQuestion } from './question';

export interface PanelState {
  readonly model: string;
  /** The finest level so far. */
  readonly level: PlaneLevel | undefined;
  /** Points computed of all. */
  readonly done: number;
  readonly total: number;
  readonly busy: boolean;
  /** The level belongs to an earlier question. */
  readonly stale: boolean;
  readonly problem: unknown;
}
interface Asked {
  readonly question: string;
  readonly stop: AbortController;
}

const keyOf = ({ subject, ...rest }: PlaneQuestion): string =>
  JSON.stringify([rest, 'pixels' in subject ? [...subject.pixels, subject.label] : subject]);

export class Landscape {
  #panels = $state.raw<readonly PanelState[]>([]);
  readonly #asked = new Map<string, Asked>();

  constructor(private readonly client: Pick<LowlandClient, 'stream'>) {}

  get panels(): readonly PanelState[] {
    return this.#panels;
  }
  get busy(): boolean {
    return this.#panels.some(({ busy }) => busy);
  }
  /** Of all points of all panels. */
  get progress(): number {
    const total = this.#panels.reduce((sum, panel) => sum + panel.total, 0);
    return total > 0 ? this.#panels.reduce((sum, panel) => sum + panel.done, 0) / total : 0;
  }

  /** Asks for these models; what is known or on its way for the same question stays. */
  ask(models: readonly string[], question: PlaneQuestion): void {
    const key = keyOf(question);
    for (const [model, { stop }] of this.#asked)
      if (!models.includes(model)) {
        stop.abort();
        this.#asked.delete(model);
      }
    const total = question.resolution ** 2;
    const fresh = models.filter((model) => this.#asked.get(model)?.question !== key);
    this.#panels = models.map((model) => {
      const known = this.#panels.find((panel) => panel.model === model);
      if (known && !fresh.includes(model)) return known;
      return { model, level: known?.level, done: 0, total, busy: true, stale: true, problem: undefined };
    });
    for (const model of fresh) void this.#follow(model, question, key);
  }

  /** Leaves every panel as it is. */
  stop(): void {
    for (const { stop } of this.#asked.values()) stop.abort();
    this.#asked.clear();
    this.#panels = this.#panels.map((panel) => ({ ...panel, busy: false }));
  }

  async #follow(model: string, question: PlaneQuestion, key: string): Promise<void> {
    this.#asked.get(model)?.stop.abort();
    const stop = new AbortController();
    this.#asked.set(model, { question: key, stop });
    try {
      for await (const event of this.client.stream('surface.plane', { ...question, model }, { signal: stop.signal }))
        if (event.kind === 'progress') this.#change(model, stop, { done: event.done, total: event.total });
        else this.#change(model, stop, { level: event, stale: false, done: event.resolution ** 2 });
      this.#change(model, stop, { busy: false });
    } catch (error) {
      if (!isCancelled(error)) this.#change(model, stop, { busy: false, problem: error });
      // so that the same question can be asked again
      if (this.#asked.get(model)?.stop === stop) this.#asked.delete(model);
    }
  }

  #change(model: string, stop: AbortController, change: Partial<PanelState>): void {
    if (this.#asked.get(model)?.stop !== stop) return;
    this.#panels = this.#panels.map((panel) => (panel.model === model ? { ...panel, ...change } : panel));
  }
}
