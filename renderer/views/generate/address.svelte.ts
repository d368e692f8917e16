/** Keeps the address of the view and its words the same, whichever of them changes. */
import { untrack } from 'svelte';
import { route } from '../../state/route.svelte';
import { toasts } from '../../state/toasts.svelte';
import { type Link, linkDefaults, linkOf, wordsOf } from './link';
import { imageFromDataset } from './own-image';
import type { GenerateState } from './state';

const names = Object.keys(linkDefaults) as (keyof Link)[];
const textOf = (link: Partial<Link>): string => JSON.stringify(names.map((name) => link[name] ?? linkDefaults[name]));

/** For as long as the component lives that calls it. */
export function followAddress({ client, generator, sources }: GenerateState): void {
  const link = route.link(linkDefaults);
  /** The address as it was followed or written last. */
  let known = '';

  $effect(() => {
    if (!sources.ready || route.view !== 'generate') return;
    const now = textOf(link);
    if (now === known) return;
    known = now;
    untrack(() => void follow(now));
  });
  $effect(() => {
    if (generator.ways.length === 0) return;
    const next = linkOf(generator.shared, generator.ways);
    untrack(() => {
      if (route.view !== 'generate') return;
      link.set({ side: linkDefaults.side, index: linkDefaults.index, ...next });
      known = textOf(link);
    });
  });

  async function follow(now: string): Promise<void> {
    // the view was left and is there again
    if (generator.ways.length > 0 && textOf(linkOf(generator.shared, generator.ways)) === now) return;
    const { shared, ways } = wordsOf(link, sources);
    if (shared.start !== 'image') return generator.begin(shared, ways);
    const { dataset, side, index } = link;
    if (index < 0) return generator.begin({ ...shared, own: generator.shared.own, mask: generator.shared.mask }, ways);
    try {
      const from = { dataset, side: side === 'train' ? ('train' as const) : ('test' as const), index };
      await generator.begin({ ...shared, own: await imageFromDataset(client, from) }, ways);
    } catch (error) {
      toasts.error(error);
      await generator.begin({ ...shared, start: 'uniform' }, ways);
    }
  }
}
