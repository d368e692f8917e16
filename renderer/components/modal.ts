/**
 * A native modal dialog as a Svelte attachment: opens it, closes it on Escape, returns the focus.
 * With `light` a press beside it closes it too: only where nothing can be lost. The focus goes to [data-autofocus], else to the first field of the body, else to the footer's first button.
 */
import type { Attachment } from 'svelte/attachments';

const focusable = 'button:enabled, input:enabled, select:enabled, textarea:enabled, a[href], [tabindex="0"]';

export function modal(onclose: () => void, { light = false } = {}): Attachment<HTMLDialogElement> {
  return (dialog) => {
    const before = document.activeElement;
    const cancel = (event: Event) => {
      event.preventDefault();
      onclose();
    };
    const key = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      event.preventDefault();
      event.stopPropagation();
      onclose();
    };
    const press = (event: PointerEvent) => {
      if (light && event.target === dialog) onclose();
    };
    dialog.addEventListener('cancel', cancel);
    dialog.addEventListener('keydown', key);
    dialog.addEventListener('pointerdown', press);
    dialog.showModal();
    const first = ['[data-autofocus]', `.body :is(${focusable})`, `footer :is(${focusable})`];
    first
      .map((selector) => dialog.querySelector<HTMLElement>(selector))
      .find(Boolean)
      ?.focus();
    return () => {
      dialog.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  };
}
