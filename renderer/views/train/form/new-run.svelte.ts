/** The sheet of a new run: whether it is open, and what is in it. */
import type { LowlandClient } from '../../../../core/contract/api';
import type { Catalogue } from '../../../../core/contract/areas/catalogue';
import type { RunDetails } from '../../../../core/contract/areas/runs';
import { toasts } from '../../../state/toasts.svelte';
import { Draft } from './draft.svelte';
import { duplicate } from './duplicate';

export class NewRun {
  open = $state(false);
  #draft = $state.raw<Draft | undefined>();
  #catalogue = $state.raw<Catalogue | undefined>();

  constructor(private readonly client: LowlandClient) {}

  get catalogue(): Catalogue | undefined {
    return this.#catalogue;
  }
  /** Undefined while a preset is being chosen. */
  get draft(): Draft | undefined {
    return this.#draft;
  }
  set draft(draft: Draft | undefined) {
    if (draft !== this.#draft) this.#draft?.close();
    this.#draft = draft;
  }

  /** From a preset; absent: from the gallery. */
  create(preset?: string): Promise<void> {
    return this.#show(async (catalogue) =>
      preset === undefined ? undefined : await Draft.open(this.client, catalogue, { preset }),
    );
  }

  /** Like another run; with a step, from the weights of that checkpoint. */
  again(run: RunDetails, step?: number): Promise<void> {
    return this.#show((catalogue) => duplicate(this.client, catalogue, run, step));
  }

  async #show(draft: (catalogue: Catalogue) => Promise<Draft | undefined>): Promise<void> {
    try {
      this.#catalogue ??= await this.client.call('catalogue.read', {});
      this.draft = await draft(this.#catalogue);
      this.open = true;
    } catch (error) {
      toasts.error(error);
    }
  }
}
