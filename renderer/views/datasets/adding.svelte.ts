/** Adding a dataset: files go over if there are any, then a job adds or checks it; what was handed over is removed when that ends. */
import type { LowlandClient } from '../../../core/contract/api';
import type { Job } from '../../../core/contract/areas/jobs';
import { isCancelled } from '../../lib/problem';
import { type OwnFile, uploadFiles } from './files';

export interface Addition {
  readonly dataset: string;
  /** A path or an address on the host's side; '' for the home page. */
  readonly from: string;
  readonly files?: readonly OwnFile[] | undefined;
  /** Only looks whether all is well. */
  readonly check: boolean;
}

export class Adding {
  #sent = $state.raw<{ readonly done: number; readonly total: number } | undefined>();
  #job = $state<string>();
  #problem = $state.raw<unknown>();
  #upload: string | undefined;
  #stop: AbortController | undefined;

  constructor(private readonly client: LowlandClient) {}

  /** Bytes that went over, while they do. */
  get sent(): { readonly done: number; readonly total: number } | undefined {
    return this.#sent;
  }
  /** The job that was submitted last. */
  get job(): string | undefined {
    return this.#job;
  }
  get problem(): unknown {
    return this.#problem;
  }
  get busy(): boolean {
    return this.#sent !== undefined;
  }

  async start({ dataset, from, files, check }: Addition): Promise<void> {
    this.cancel();
    const stop = new AbortController();
    this.#stop = stop;
    this.#problem = undefined;
    this.#job = undefined;
    try {
      let place = from;
      if (files && files.length > 0) {
        this.#sent = { done: 0, total: 1 };
        const { upload, path } = await uploadFiles(this.client, files, stop.signal, (done, total) => {
          this.#sent = { done, total };
        });
        this.#upload = upload;
        place = path;
      }
      const kind = check ? ('check-dataset' as const) : ('add-dataset' as const);
      const job = { kind, dataset, ...(place ? { from: place } : {}) };
      this.#job = (await this.client.call('jobs.submit', { job }, { signal: stop.signal })).id;
    } catch (error) {
      if (!isCancelled(error)) this.#problem = error;
    } finally {
      if (this.#stop === stop) this.#sent = undefined;
    }
  }

  /** Told of the jobs as they change: the files are removed with the end of theirs. */
  follow(jobs: readonly Job[]): void {
    const own = jobs.find(({ id }) => id === this.#job);
    if (!this.#upload || !own || !['done', 'failed', 'stopped'].includes(own.state)) return;
    void this.client.call('datasets.discard', { upload: this.#upload }).catch(() => undefined);
    this.#upload = undefined;
  }

  cancel(): void {
    this.#stop?.abort();
    this.#sent = undefined;
  }
  forget(): void {
    this.cancel();
    this.#job = undefined;
    this.#problem = undefined;
  }
}
