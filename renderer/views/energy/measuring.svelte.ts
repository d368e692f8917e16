/** Over how many images energies and flatness are measured, and under which attack; starting it. */
import { normOf, radiusOf } from './question';
import type { EnergyState } from './state.svelte';

export class Measuring {
  energyImages = $state(128);
  attack = $state('pgd');
  flatnessImages = $state(32);

  constructor(private readonly scene: EnergyState) {}

  energies(): void {
    const { opened, link, dataset, side, chosen, distributions } = this.scene;
    if (!opened) return;
    const images = Math.min(this.energyImages, opened.sizes[side]);
    const options = { norm: normOf(link), eps: radiusOf(link, opened) };
    void distributions.ask(chosen, { dataset, side, images, attack: this.attack, options, seed: link.seed });
  }

  flatness(): void {
    const { opened, link, dataset, side, chosen, flatness } = this.scene;
    if (!opened) return;
    const images = Math.min(this.flatnessImages, opened.sizes[side]);
    const eps = radiusOf(link, opened);
    void flatness.ask(chosen, { dataset, side, images, norm: normOf(link), eps, seed: link.seed });
  }
}
