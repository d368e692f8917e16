/** What is asked of the host follows from the address, and from jobs that end. */
import { untrack } from 'svelte';
import { host } from '../../state/host.svelte';
import type { DatasetsState } from './state.svelte';

/** For as long as the component lives that calls it; `connected` says whether calls can be made. */
export function followDatasets(view: DatasetsState, connected: () => boolean): void {
  const { browser, adding } = view;

  $effect(() => {
    if (connected()) untrack(() => view.load());
  });
  $effect(() => {
    if (!connected()) return;
    const { dataset, side } = view;
    untrack(() => (dataset ? browser.show(dataset, side) : browser.close()));
  });
  $effect(() => () => browser.cancel());

  // the list tells of every dataset that a job added
  const finished = $derived(host.jobs.filter(({ kind, state }) => kind === 'add-dataset' && state === 'done').length);
  $effect(() => {
    if (finished === 0 || !connected()) return;
    untrack(() => {
      view.list();
      if (view.dataset && browser.split.problem) browser.open(view.dataset, view.side);
    });
  });
  $effect(() => adding.follow(host.jobs));

  $effect(() => {
    void [view.open, view.place.index];
    untrack(() => view.openSubject());
  });
}
