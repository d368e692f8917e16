/** How flat the energy of several models is: the numbers settle while images come in. */
import type { Api, LowlandClient } from '../../../core/contract/api';
import type { FlatnessSoFar } from '../../../core/contract/areas/surface';
import type { InputOf } from '../../../core/contract/contract';
import { isCancelled } from '../../lib/problem';

export type FlatnessQuestion = Omit<InputOf<Api['surface.flatness']>, 'model'>;
export interface FlatnessRow extends FlatnessSoFar {
  readonly model: string;
}

export class FlatnessRows {
  #rows = $state.raw<readonly FlatnessRow[]>([]);
  #problem = $state.raw<unknown>();
  #busy = $state(false);
  #total = $state(0);
  #question = $state.raw<FlatnessQuestion | undefined>();
  #stop: AbortController | undefined;

  constructor(private readonly client: Pick<LowlandClient, 'stream'>) {}

  get rows(): readonly FlatnessRow[] {
    return this.#rows;
  }
  get problem(): unknown {
    return this.#problem;
  }
  get busy(): boolean {
    return this.#busy;
  }
  get question(): FlatnessQuestion | undefined {
    return this.#question;
  }
  get progress(): number {
    return this.#total > 0 ? this.#rows.reduce((sum, { done }) => sum + done, 0) / this.#total : 0;
  }

  async ask(models: readonly string[], question: FlatnessQuestion): Promise<void> {
    this.#stop?.abort();
    const stop = new AbortController();
    this.#stop = stop;
    this.#busy = true;
    this.#problem = undefined;
    this.#question = question;
    this.#rows = [];
    this.#total = models.length * question.images;
    try {
      for (const model of models)
        for await (const row of this.client.stream('surface.flatness', { ...question, model }, { signal: stop.signal }))
          this.#rows = [...this.#rows.filter((known) => known.model !== model), { model, ...row }];
    } catch (error) {
      if (!isCancelled(error) && this.#stop === stop) this.#problem = error;
    } finally {
      if (this.#stop === stop) this.#busy = false;
    }
  }

  /** What was measured stays. */
  stop(): void {
    this.#stop?.abort();
    this.#busy = false;
  }
}
