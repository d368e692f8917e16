/** What can be chosen: models, datasets, samplers and starts; with the defaults that make recognisable images at once. */
import type { LowlandClient } from '../../../core/contract/api';
import type { Catalogue } from '../../../core/contract/areas/catalogue';
import type { ModelRow } from '../../../core/contract/areas/models';
import type { InputOf, OutputOf } from '../../../core/contract/contract';
import type { Api } from '../../../core/contract/api';
import type { Schema } from '../../../core/lib/options';
import { type Problem, asProblem } from '../../lib/problem';
import { isHere } from '../datasets/here';

type Listed = OutputOf<Api['datasets.list']>[number];
export type Side = InputOf<Api['datasets.labels']>['side'];

const best = ['fashion/jeat', 'cifar10/jeat-small'];
const usualSampler = 'pgd-synthesis';

export class Sources {
  #models = $state.raw<readonly ModelRow[]>([]);
  #datasets = $state.raw<readonly Listed[]>([]);
  #catalogue = $state.raw<Catalogue>();
  #problem = $state.raw<Problem>();

  constructor(private readonly client: LowlandClient) {}

  get models(): readonly ModelRow[] {
    return this.#models;
  }
  get datasets(): readonly Listed[] {
    return this.#datasets;
  }
  get samplers(): Catalogue['samplers'] {
    return this.#catalogue?.samplers ?? [];
  }
  get starts(): Catalogue['starts'] {
    return this.#catalogue?.starts ?? [];
  }
  get ready(): boolean {
    return this.#catalogue !== undefined;
  }
  /** Why there is nothing to choose. */
  get problem(): Problem | undefined {
    return this.#problem;
  }

  async load(): Promise<void> {
    try {
      const [models, datasets, catalogue] = await Promise.all([
        this.client.call('models.list', {}),
        this.client.call('datasets.list', {}),
        this.client.call('catalogue.read', {}),
      ]);
      this.#models = models;
      this.#datasets = datasets;
      this.#catalogue = catalogue;
      this.#problem = undefined;
    } catch (error) {
      this.#problem = asProblem(error);
    }
  }

  schema(sampler: string): Schema {
    return this.samplers.find(({ id }) => id === sampler)?.options ?? {};
  }
  /** For images of a dataset, or for any. */
  usualModel(dataset = ''): string {
    const fitting = this.#models.filter(({ name }) => dataset === '' || this.datasetOf(name) === dataset);
    return usualModel(fitting.length > 0 ? fitting : this.#models);
  }
  get usualSampler(): string {
    return (this.samplers.find(({ id }) => id === usualSampler) ?? this.samplers[0])?.id ?? usualSampler;
  }
  /** What shows best what a model has learnt: one that was trained naturally on the same data, else the same. */
  rivalOf(model: string): string {
    const own = this.#models.find(({ name }) => name === model)?.card?.dataset;
    const others = this.#models.filter(
      ({ name, card, problem }) => name !== model && own && card?.dataset === own && !problem,
    );
    return (others.find(({ card }) => card?.objective === 'natural') ?? others[0])?.name ?? model;
  }
  /** The dataset of a model that is there: its own, or a smaller one of the same kind. */
  datasetOf(model: string): string {
    const own = this.#models.find(({ name }) => name === model)?.card?.dataset ?? '';
    return datasetFor(own, this.#datasets);
  }
}

/** A JEAT model where there is one. */
export function usualModel(models: readonly ModelRow[]): string {
  const whole = models.filter(({ problem }) => !problem);
  return (
    best.find((name) => whole.some((model) => model.name === name)) ??
    (whole.find(({ card }) => card?.objective === 'jeat') ?? whole[0])?.name ??
    ''
  );
}

/** 'fashion-mnist' where it was added, else 'fashion-mnist-mini'; '' where there is nothing of the kind. */
export function datasetFor(own: string, datasets: readonly Listed[]): string {
  if (own === '') return '';
  const there = datasets.filter(isHere).map(({ id }) => id);
  return there.find((id) => id === own) ?? there.find((id) => id.startsWith(`${own}-`)) ?? '';
}
