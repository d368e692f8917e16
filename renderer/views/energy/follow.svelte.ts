/** What is asked of the host follows from the address. */
import { onDestroy, untrack } from 'svelte';
import type { EnergyState } from './state.svelte';

/** For as long as the component lives that calls it; `connected` says whether calls can be made. */
export function followScene(scene: EnergyState, connected: () => boolean): void {
  const { link, training } = scene;

  $effect(() => {
    if (connected()) untrack(() => scene.load());
  });
  $effect(() => {
    const { dataset } = scene;
    if (connected()) untrack(() => scene.openDataset(dataset));
  });
  $effect(() => {
    if (!scene.opened || scene.show === 'training' || scene.fromElsewhere) return;
    void [link.index, scene.side];
    untrack(() => scene.openImage());
  });
  $effect(() => {
    if (!scene.toy) return;
    void scene.side;
    untrack(() => scene.openPoints());
  });
  $effect(() => {
    const { question, chosen } = scene;
    if (scene.show !== 'landscape' || !question || scene.models.rows.length === 0) return;
    untrack(() => scene.landscape.ask(chosen, question));
  });
  $effect(() => {
    if (scene.show !== 'landscape') return;
    void [scene.way, scene.question, scene.chosen, scene.walkOptions, scene.walkSteps];
    void (scene.toy && [link.index, scene.fromElsewhere]);
    untrack(() => scene.askWalks());
  });
  $effect(() => {
    const { steps } = scene.walks;
    // a new walk is seen whole
    untrack(() => (scene.step = steps));
  });
  $effect(() => {
    if (!connected() || scene.show !== 'training') return;
    return untrack(() => training.followRuns());
  });
  $effect(() => {
    if (!connected() || scene.show !== 'training') return;
    void training.run;
    untrack(() => training.followCourse());
    return () => training.stop();
  });
  onDestroy(() => scene.stop());
}
