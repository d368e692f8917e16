/** What the menu of the selected image offers. */
import Copy from '@lucide/svelte/icons/copy';
import Download from '@lucide/svelte/icons/download';
import Film from '@lucide/svelte/icons/film';
import ImageUp from '@lucide/svelte/icons/image-up';
import Mountain from '@lucide/svelte/icons/mountain';
import Target from '@lucide/svelte/icons/target';
import type { MenuItem } from '../../components/Menu.svelte';
import { type Picked, pickedOf, showEnergy, startFrom } from './picked';
import type { Saving } from './saving.svelte';
import type { GenerateState } from './state';

/** Does something with the selected image, if there is one. */
export function withPicked(view: GenerateState, act: (from: Picked) => unknown): void {
  const from = pickedOf(view);
  if (from) void act(from);
}

export function imageActions(view: GenerateState, saving: Saving): readonly MenuItem[] {
  const { generator } = view;
  const { exporter } = saving;
  const does = (act: (from: Picked) => unknown) => () => withPicked(view, act);
  return [
    { label: 'Only this class', icon: Target, run: does(({ label }) => generator.change({ classes: [label] })) },
    {
      label: 'Start from this image',
      icon: ImageUp,
      run: does(({ pixels, name, image }) => startFrom(view, { pixels, title: `Image ${image + 1}, ${name}` })),
    },
    { label: 'Show its energy', icon: Mountain, run: does((from) => showEnergy(view, from)) },
    {
      label: 'Save as PNG',
      icon: Download,
      separated: true,
      run: does(({ lane, image }) => saving.save(() => exporter.saveImage(lane, image))),
    },
    {
      label: 'Copy image',
      icon: Copy,
      run: does(({ lane, image }) => saving.save(() => exporter.copyImage(lane, image))),
    },
    { label: 'Figure of its way', icon: Film, run: does(({ lane, image }) => exporter.strip(lane, image)) },
  ];
}
