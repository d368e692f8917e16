/** A picture that can be dragged out of the window as a PNG file: `<canvas {@attach dragOut('cifar10-test-7.png')}>`. */
import type { Attachment } from 'svelte/attachments';
import { pngOf } from '../lib/pixels';
import { platform } from '../platform/platform';
import { toasts } from '../state/toasts.svelte';

export function dragOut(file: string | undefined): Attachment<HTMLCanvasElement> {
  return (canvas) => {
    if (!file) return;
    const start = (event: DragEvent) => {
      const { startDrag } = platform;
      if (startDrag) {
        // the shell drags a file of its own instead
        event.preventDefault();
        pngOf(canvas)
          .then((bytes) => startDrag(file, bytes))
          .catch((error: unknown) => toasts.error(error));
      } else event.dataTransfer?.setData('DownloadURL', `image/png:${file}:${canvas.toDataURL('image/png')}`);
    };
    canvas.draggable = true;
    canvas.addEventListener('dragstart', start);
    return () => {
      canvas.draggable = false;
      canvas.removeEventListener('dragstart', start);
    };
  };
}
