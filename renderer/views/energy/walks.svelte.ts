/** The walks that are drawn over the planes: one attack or one sampler, from the same image, on every model. */
import type { LowlandClient } from '../../../core/contract/api';
import type { Catalogue, CatalogueEntry } from '../../../core/contract/areas/catalogue';
import type { Walk } from '../../../core/contract/areas/surface';
import type { InputOf } from '../../../core/contract/contract';
import type { Api } from '../../../core/contract/api';
import type { Scalar, Schema } from '../../../core/lib/options';
import { isCancelled } from '../../lib/problem';

export type WalkQuestion = Omit<InputOf<Api['surface.walk']>, 'model'>;
type By = WalkQuestion['by'];

export interface WalkChoice {
  readonly entry: CatalogueEntry;
  readonly way: 'attack' | 'sampler';
}

/** 'attack:pgd' -> PGD. */
export function walkChoice(id: string, { attacks, samplers }: Pick<Catalogue, 'attacks' | 'samplers'>) {
  const [way, name] = id.split(':');
  const entry = (way === 'attack' ? attacks : samplers).find((known) => known.id === name);
  return entry && (way === 'attack' || way === 'sampler') ? ({ entry, way } satisfies WalkChoice) : undefined;
}

/** What can be changed about a walk: the plane says where the ball is. */
export const walkSchema = ({ entry, way }: WalkChoice): Schema => {
  const { norm: _norm, eps, targeted: _targeted, restarts: _restarts, ...rest } = entry.options;
  return way === 'attack' ? rest : { ...rest, ...(eps ? { eps } : {}) };
};

export const samplerSteps = 40;

export const walkBy = ({ entry, way }: WalkChoice, options: Readonly<Record<string, Scalar>>, steps: number): By => {
  const given = Object.fromEntries(Object.entries(options).map(([name, value]) => [name, mutable(value)]));
  return way === 'attack' ? { attack: entry.id, options: given } : { sampler: entry.id, options: given, steps };
};
const mutable = (value: Scalar) => (typeof value === 'object' ? [...value] : value);

export class Walks {
  #found = $state.raw<ReadonlyMap<string, Walk>>(new Map());
  #problem = $state.raw<unknown>();
  #busy = $state(false);
  #stop: AbortController | undefined;

  constructor(private readonly client: Pick<LowlandClient, 'call'>) {}

  get found(): ReadonlyMap<string, Walk> {
    return this.#found;
  }
  get problem(): unknown {
    return this.#problem;
  }
  get busy(): boolean {
    return this.#busy;
  }
  /** Steps of the longest. */
  get steps(): number {
    return Math.max(0, ...[...this.#found.values()].map(({ a }) => a.length - 1));
  }

  /** Walks on one model after the other; each is drawn when it is there. */
  async ask(models: readonly string[], question: WalkQuestion): Promise<void> {
    this.clear();
    const stop = new AbortController();
    this.#stop = stop;
    this.#busy = true;
    try {
      for (const model of models) {
        const walk = await this.client.call('surface.walk', { ...question, model }, { signal: stop.signal });
        if (stop.signal.aborted) return;
        this.#found = new Map([...this.#found, [model, walk]]);
      }
    } catch (error) {
      if (!stop.signal.aborted && !isCancelled(error)) this.#problem = error;
    } finally {
      if (this.#stop === stop) this.#busy = false;
    }
  }

  clear(): void {
    this.#stop?.abort();
    this.#busy = false;
    this.#found = new Map();
    this.#problem = undefined;
  }
}
