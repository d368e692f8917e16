/** What the Attack view knows: evaluations as they grow, the models and attacks there are; and what it can ask for. */
import type { LowlandClient } from '../../../core/contract/api';
import type { Catalogue } from '../../../core/contract/areas/catalogue';
import type { Evaluation, EvaluationPlan, UnreadableEvaluation } from '../../../core/contract/areas/evaluations';
import type { Job } from '../../../core/contract/areas/jobs';
import { Followed } from '../../state/follow.svelte';
import { toasts } from '../../state/toasts.svelte';
import { Loaded } from '../datasets/loaded.svelte';
import { ModelList } from '../datasets/models.svelte';

export class Evaluations {
  readonly #followed = new Followed<readonly (Evaluation | UnreadableEvaluation)[]>();
  readonly #catalogue = new Loaded<Catalogue>();
  readonly models: ModelList;

  constructor(readonly client: LowlandClient) {
    this.models = new ModelList(client);
  }

  /** Follows until the signal. */
  start(signal: AbortSignal): void {
    void this.#followed.run((stop) => this.client.stream('evaluations.follow', {}, { signal: stop }), signal);
  }
  /** What does not come by itself: once there is a connection. */
  load(): void {
    void this.#catalogue.ask((stop) => this.client.call('catalogue.read', {}, { signal: stop }));
    this.models.load();
  }

  get ready(): boolean {
    return this.#followed.value !== undefined;
  }
  get problem(): unknown {
    return this.#followed.problem;
  }
  /** The newest first. */
  get all(): readonly Evaluation[] {
    return (this.#followed.value ?? [])
      .filter((row) => row.state !== 'unreadable')
      .sort((a, b) => (a.created < b.created ? 1 : -1));
  }
  get unreadable(): readonly UnreadableEvaluation[] {
    return (this.#followed.value ?? []).filter((row) => row.state === 'unreadable');
  }
  /** Those of the catalogue, and suites of them. */
  get attacks(): Catalogue['attacks'] {
    const { attacks = [], suites = [] } = this.#catalogue.value ?? {};
    return [...attacks, ...suites];
  }
  /** What trained a model, where its card says. */
  objectiveOf(model: string): string | undefined {
    return this.models.rows.find(({ name }) => name === model)?.card?.objective;
  }

  /** Queues one evaluation a plan. */
  async submit(plans: readonly EvaluationPlan[]): Promise<void> {
    for (const plan of plans) await this.client.call('jobs.submit', { job: { kind: 'evaluate', plan } });
  }

  pause = (job: Job): void => this.#attempt(this.client.call('jobs.pause', { id: job.id }));
  stop = (job: Job): void => this.#attempt(this.client.call('jobs.stop', { id: job.id }));
  /** Goes on, by the job that stopped where it is still in the list. */
  resume(id: string, job: Job | undefined): void {
    this.#attempt(
      job && ['paused', 'stopped', 'failed'].includes(job.state)
        ? this.client.call('jobs.resume', { id: job.id })
        : this.client.call('jobs.submit', { job: { kind: 'resume-evaluation', id } }),
    );
  }

  async remove(id: string): Promise<void> {
    try {
      const { trashed } = await this.client.call('evaluations.remove', { id });
      toasts.undo('Evaluation removed', () => this.#attempt(this.client.call('evaluations.restore', { trashed })));
    } catch (error) {
      toasts.error(error);
    }
  }

  #attempt(work: Promise<unknown>): void {
    work.catch((error: unknown) => toasts.error(error));
  }
}

/** The job that makes an evaluation, or that made it last. */
export const jobOf = (jobs: readonly Job[], id: string): Job | undefined =>
  jobs.filter(({ kind, target }) => target === id && (kind === 'evaluate' || kind === 'resume-evaluation')).at(-1);
