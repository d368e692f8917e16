/** What can be done with the selected image: kept, used again, started from, looked at in the energy view. */
import type { Shape } from '../../lib/pixels';
import { imageOf } from '../../plots/grid/batch';
import { carried } from '../../state/carried.svelte';
import { route } from '../../state/route.svelte';
import { toasts } from '../../state/toasts.svelte';
import type { KeptImage } from './kept.svelte';
import type { GenerateState } from './state';
import { frameAt } from './trajectory';
import type { Bytes, Made, OwnImage } from './words';

/** The selected image as it is shown, with what made it. */
export interface Picked {
  readonly lane: number;
  readonly image: number;
  readonly made: Made;
  readonly shape: Shape;
  readonly label: number;
  /** Of its class. */
  readonly name: string;
  readonly pixels: Bytes;
}

export function pickedOf({ generator }: GenerateState): Picked | undefined {
  if (!generator.selected) return undefined;
  const { lane: at, image } = generator.selected;
  const lane = generator.lanes[at];
  const frame = lane && frameAt(lane.way, generator.shown);
  const made = frame && lane.made(frame.step);
  if (!frame || !made || !lane.session) return undefined;
  const { shape, labels, classes } = lane.session;
  const label = labels[image] ?? 0;
  const pixels = imageOf(frame.images, shape, image).slice();
  return { lane: at, image, made, shape, label, name: classes[label] ?? '', pixels };
}

/** Keeps it, or lets it go again. */
export function keepImage({ kept }: GenerateState, { made, image, pixels, shape, name }: Picked): void {
  const known = kept.find(made, image);
  if (known) toasts.undo('Image removed', kept.remove(known.id));
  else kept.add({ pixels, shape, label: name, image, made });
}

/** Sets the words of a set of images again (model, seed, classes, start, sampler, options), and plays to its step. */
export async function useAgain(
  { generator }: GenerateState,
  { made, image }: Pick<KeptImage, 'made' | 'image'>,
): Promise<void> {
  const options = made.history.at(-1)?.options ?? made.way.options;
  if (made.history.length > 1)
    toasts.show({ text: 'The options changed on the way to this image; the last ones are set.' });
  await generator.begin(made.shared, [{ ...made.way, options }]);
  generator.selected = { lane: 0, image };
  if (made.step === 0) return;
  generator.goal = made.step;
  await generator.play();
}

export const startFrom = ({ generator }: GenerateState, own: OwnImage): void =>
  generator.change({ start: 'image', own, mask: undefined, fill: 'image' });

export function showEnergy({ generator }: GenerateState, { pixels, shape, label, image, made }: Picked): void {
  const { way, shared } = made;
  carried.hand({ pixels, shape, label, title: `generated image ${image + 1} of ${way.model}, seed ${shared.seed}` });
  const models = generator.ways.map(({ model }) => model);
  route.open('energy', { dataset: shared.dataset, model: way.model, models, carried: true });
}
