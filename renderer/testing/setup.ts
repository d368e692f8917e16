/** What jsdom lacks and the components use: modal dialogs, matchMedia, canvases, layout. */
import { beforeEach, vi } from 'vitest';

HTMLDialogElement.prototype.showModal = function () {
  this.open = true;
  this.querySelector<HTMLElement>('button, input, [tabindex="0"]')?.focus();
};
HTMLDialogElement.prototype.close = function () {
  this.open = false;
};
HTMLCanvasElement.prototype.getContext = () => null;
Element.prototype.scrollIntoView = () => undefined;
globalThis.CSS ??= { escape: (text: string) => text } as typeof CSS;
globalThis.ResizeObserver = class {
  observe() {
    return undefined;
  }
  unobserve() {
    return undefined;
  }
  disconnect() {
    return undefined;
  }
};

class Media extends EventTarget {
  matches = false;
  /** As when the system changes. */
  become(matches: boolean) {
    this.matches = matches;
    this.dispatchEvent(Object.assign(new Event('change'), { matches }));
  }
}
/** The system's colour scheme, for tests to change. */
export const darkScheme = new Media();
window.matchMedia = vi.fn((query: string) =>
  query.includes('dark') ? darkScheme : new Media(),
) as unknown as typeof matchMedia;

beforeEach(() => {
  localStorage.clear();
  location.hash = '';
});
