/** What the Models view knows: models, their evaluations, their samples; and what it can do with them. */
import type { LowlandClient } from '../../../core/contract/api';
import type { Evaluation, UnreadableEvaluation } from '../../../core/contract/areas/evaluations';
import type { ModelDetails, ModelRow } from '../../../core/contract/areas/models';
import { platform } from '../../platform/platform';
import { Followed } from '../../state/follow.svelte';
import { toasts } from '../../state/toasts.svelte';
import { Loaded } from '../datasets/loaded.svelte';
import { titleOf } from './facts';
import { Samples } from './samples.svelte';

export class ModelLibrary {
  readonly #rows = new Loaded<readonly ModelRow[]>();
  readonly #details = new Loaded<ModelDetails>();
  readonly #evaluations = new Followed<readonly (Evaluation | UnreadableEvaluation)[]>();
  readonly #samples = new Map<string, Samples>();

  constructor(readonly client: LowlandClient) {}

  start(signal: AbortSignal): void {
    void this.#evaluations.run((stop) => this.client.stream('evaluations.follow', {}, { signal: stop }), signal);
    signal.addEventListener('abort', () => this.#samples.forEach((samples) => samples.stop()));
  }
  load(): Promise<void> {
    return this.#rows.ask((signal) => this.client.call('models.list', {}, { signal }));
  }

  /** Undefined until they are known. */
  get rows(): readonly ModelRow[] | undefined {
    return this.#rows.value;
  }
  get problem(): unknown {
    return this.#rows.problem;
  }
  get details(): Loaded<ModelDetails> {
    return this.#details;
  }
  show(model: string): void {
    void this.#details.ask((signal) => this.client.call('models.show', { model }, { signal }));
  }
  /** Those of a model, the newest first. */
  evaluationsOf(model: string): Evaluation[] {
    return (this.#evaluations.value ?? [])
      .filter((row) => row.state !== 'unreadable')
      .filter(({ plan }) => plan.model === model)
      .sort((a, b) => (a.created < b.created ? 1 : -1));
  }
  samplesOf(model: string): Samples {
    const known = this.#samples.get(model) ?? new Samples(this.client, model);
    this.#samples.set(model, known);
    return known;
  }

  async remove(row: ModelRow): Promise<void> {
    try {
      const { trashed } = await this.client.call('models.remove', { model: row.name });
      await this.load();
      toasts.undo(`${titleOf(row)} removed`, () => void this.#restore(trashed));
    } catch (error) {
      toasts.error(error);
    }
  }
  async #restore(trashed: string): Promise<void> {
    try {
      await this.client.call('models.restore', { trashed });
      await this.load();
    } catch (error) {
      toasts.error(error);
    }
  }

  async export(row: ModelRow): Promise<void> {
    try {
      const { name, bytes } = await this.client.call('models.export', { model: row.name });
      await platform.save(name, bytes, 'application/octet-stream');
    } catch (error) {
      toasts.error(error);
    }
  }
}
