/** A picture of the user's as the start: opened, or dropped on the sets. */
import { platform } from '../../platform/platform';
import { toasts } from '../../state/toasts.svelte';
import { imageFromFile } from './own-image';
import { startFrom } from './picked';
import type { GenerateState } from './state';

export async function openPicture(view: GenerateState): Promise<void> {
  const extensions = ['png', 'jpg', 'jpeg', 'webp', 'gif', 'bmp'];
  const [file] = await platform.open({ title: 'Open a picture', extensions });
  if (file) await take(view, file.name, file.bytes);
}

export async function dropPicture(view: GenerateState, event: DragEvent): Promise<void> {
  const file = event.dataTransfer?.files[0];
  if (!file) return;
  event.preventDefault();
  event.stopPropagation();
  await take(view, file.name, new Uint8Array(await file.arrayBuffer()));
}

async function take(view: GenerateState, name: string, bytes: Uint8Array): Promise<void> {
  const shape = view.generator.lanes[0]?.session?.shape;
  if (!shape) return;
  try {
    startFrom(view, await imageFromFile(name, bytes, shape));
  } catch (error) {
    toasts.error(error);
  }
}
