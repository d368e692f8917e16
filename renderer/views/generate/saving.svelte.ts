/** Saving what is shown, one thing at a time: what the export menu offers, and what went wrong in a sentence. */
import type { LowlandClient } from '../../../core/contract/api';
import type { MenuItem } from '../../components/Menu.svelte';
import type { PlacedGrid } from '../../plots/grid/layout';
import { host } from '../../state/host.svelte';
import { toasts } from '../../state/toasts.svelte';
import type { Quantity } from './chains.svelte';
import { Exporter } from './exports';
import type { Generator } from './generator.svelte';
import type { VideoKind } from './video';

export class Saving {
  /** The grids as they stand on the screen, by their lane. */
  readonly grids: (PlacedGrid | undefined)[] = [];
  readonly exporter: Exporter;
  #busy = $state(false);

  constructor(client: LowlandClient, generator: Generator) {
    this.exporter = new Exporter(
      client,
      generator,
      () => this.grids,
      () => ({
        ...(host.status?.engine.id ? { engine: host.status.engine.id } : {}),
        ...(host.info ? { lowland: host.info.version } : {}),
      }),
    );
  }

  get busy(): boolean {
    return this.#busy;
  }

  /** Saves; `instead` is offered where that fails. */
  async save(work: () => Promise<void>, instead?: { label: string; run: () => void }): Promise<void> {
    this.#busy = true;
    try {
      await work();
    } catch (error) {
      toasts.error(error, instead);
    }
    this.#busy = false;
  }
  readonly picture = (): void => void this.save(() => this.exporter.grid('png'));
  readonly gif = (): void => void this.save(() => this.exporter.grid('gif'));

  menu(quantity: Quantity): readonly MenuItem[] {
    const { exporter } = this;
    // not every browser has an encoder
    const film = (kind: VideoKind) => () =>
      void this.save(() => exporter.video(kind), { label: 'Export a GIF', run: this.gif });
    return [
      { label: 'Grid as PNG', run: this.picture },
      { label: 'Every image, as a zip of PNGs', run: () => void this.save(() => exporter.zip()) },
      { label: 'Film as GIF', separated: true, run: this.gif },
      { label: 'Film as APNG', run: () => void this.save(() => exporter.grid('apng')) },
      { label: 'Film as MP4', run: film('mp4') },
      { label: 'Film as WebM', run: film('webm') },
      { label: 'Chart of the energies', separated: true, run: () => exporter.chart(quantity) },
    ];
  }
}
