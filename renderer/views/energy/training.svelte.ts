/** The runs that there are, and the course of the chosen one: ΔE and robust error by epoch. */
import type { LowlandClient } from '../../../core/contract/api';
import type { RunRow } from '../../../core/contract/areas/runs';
import { Followed } from '../../state/follow.svelte';
import { RunHistory } from './history.svelte';

export class TrainingState {
  readonly history: RunHistory;
  readonly #followed = new Followed<readonly RunRow[]>();

  constructor(
    private readonly client: LowlandClient,
    private readonly link: { readonly run: string },
  ) {
    this.history = new RunHistory(client);
  }

  /** Those that can be read, the newest first. */
  readonly rows = $derived.by(() => (this.#followed.value ?? []).filter(({ state }) => state !== 'unreadable'));
  /** The chosen run, else the newest; '' while there is none. */
  readonly run = $derived.by(() => this.link.run || (this.rows[0]?.run ?? ''));
  readonly row = $derived.by(() => this.rows.find(({ run }) => run === this.run));

  /** Follows the list of runs until what it returns is called. */
  followRuns(): () => void {
    const stop = new AbortController();
    void this.#followed.run((signal) => this.client.stream('runs.follow', {}, { signal }), stop.signal);
    return () => stop.abort();
  }
  followCourse(): void {
    void this.history.follow(this.run);
  }
  stop(): void {
    this.history.stop();
  }
}
