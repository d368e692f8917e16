/** What the whole window knows of the host: the jobs, how its processes stand, what there is to choose. */
import type { AppInfo, AppStatus } from '../../core/contract/areas/app';
import type { Catalogue } from '../../core/contract/areas/catalogue';
import type { Job, LeftJob } from '../../core/contract/areas/jobs';
import { client } from './connection.svelte';
import { Followed } from './follow.svelte';

/** Everything but how far a task is. */
const withoutProgress = (jobs: readonly Job[]): string =>
  jobs
    .map(({ id, state, target, notes, priority, progress }) =>
      [id, state, target, notes.length, priority, progress?.task].join('\t'),
    )
    .join('\n');

class HostStore {
  readonly #jobs = new Followed<readonly Job[]>(withoutProgress);
  readonly #left = new Followed<readonly LeftJob[]>();
  readonly #status = new Followed<AppStatus>();
  #info = $state.raw<AppInfo | undefined>();
  #catalogue: Promise<Catalogue> | undefined;

  get jobs(): readonly Job[] {
    return this.#jobs.value ?? [];
  }
  /** What was queued when the application ended last. */
  get left(): readonly LeftJob[] {
    return this.#left.value ?? [];
  }
  get status(): AppStatus | undefined {
    return this.#status.value;
  }
  get info(): AppInfo | undefined {
    return this.#info;
  }

  /** Presets, parts, attacks and samplers, asked for once. */
  catalogue(): Promise<Catalogue> {
    this.#catalogue ??= client.call('catalogue.read', {}).catch((error: unknown) => {
      this.#catalogue = undefined;
      throw error;
    });
    return this.#catalogue;
  }

  async #ask(signal: AbortSignal): Promise<void> {
    for await (const _state of client.stream('app.status', {}, { signal })) {
      this.#info = await client.call('app.info', {});
      return;
    }
  }

  start(signal: AbortSignal): void {
    void this.#jobs.run((stop) => client.stream('jobs.follow', {}, { signal: stop }), signal);
    void this.#left.run((stop) => client.stream('jobs.left', {}, { signal: stop }), signal);
    void this.#status.run((stop) => client.stream('app.status', {}, { signal: stop }), signal);
    // the first state comes when the connection is there
    void this.#ask(signal);
  }
}

export const host = new HostStore();
