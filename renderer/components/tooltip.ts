/** A floating label for any element: `<button {@attach tooltip('Export figure', 'Mod+E')}>`. Shows on hover and on keyboard focus. */
import type { Attachment } from 'svelte/attachments';
import { place } from '../lib/place';
import { caps } from '../state/keys';

const delay = 400;
let next = 0;

export function tooltip(text: string | undefined, keys?: string): Attachment<HTMLElement> {
  return (node) => {
    if (!text) return;
    let bubble: HTMLElement | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;

    const show = () => {
      if (bubble) return;
      bubble = document.createElement('div');
      bubble.id = `tooltip-${next++}`;
      bubble.className = 'tooltip';
      bubble.setAttribute('role', 'tooltip');
      bubble.textContent = text;
      if (keys) bubble.append(Object.assign(document.createElement('kbd'), { textContent: caps(keys).join(' ') }));
      (node.closest('dialog') ?? document.body).append(bubble);
      const { left, top } = place(node.getBoundingClientRect(), bubble.getBoundingClientRect(), 'below', 'centre', 6);
      bubble.style.left = `${left}px`;
      bubble.style.top = `${top}px`;
      if (node.getAttribute('aria-label') !== text) node.setAttribute('aria-describedby', bubble.id);
    };
    const hide = () => {
      clearTimeout(timer);
      if (node.getAttribute('aria-describedby') === bubble?.id) node.removeAttribute('aria-describedby');
      bubble?.remove();
      bubble = undefined;
    };
    const enter = () => {
      clearTimeout(timer);
      timer = setTimeout(show, delay);
    };
    const focus = () => {
      if (node.matches(':focus-visible')) show();
    };
    const key = (event: KeyboardEvent) => {
      if (event.key === 'Escape') hide();
    };
    const on = [
      ['pointerenter', enter],
      ['pointerleave', hide],
      ['pointerdown', hide],
      ['focus', focus],
      ['blur', hide],
      ['keydown', key],
    ] as const;
    for (const [name, listener] of on) node.addEventListener(name, listener as EventListener);
    return () => {
      hide();
      for (const [name, listener] of on) node.removeEventListener(name, listener as EventListener);
    };
  };
}
