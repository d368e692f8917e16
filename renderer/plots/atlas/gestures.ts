/** Pointers and the wheel on the atlas: zoom about the pointer, scroll, drag, pinch, click, hover. */
import type { Attachment } from 'svelte/attachments';
import type { AtlasView } from './view';

interface Handlers {
  view(): AtlasView | undefined;
  click(position: number, keys: { shiftKey: boolean; more: boolean }): void;
  hover(position: number | undefined): void;
}
interface Finger {
  x: number;
  y: number;
}

/** CSS pixels that a press may move and still be a click. */
const slop = 4;
const line = 16;

export const gestures =
  ({ view, click, hover }: Handlers): Attachment<HTMLElement> =>
  (element) => {
    const fingers = new Map<number, Finger>();
    let dragging = false;
    const inside = (event: MouseEvent): Finger => {
      const { left, top } = element.getBoundingClientRect();
      return { x: event.clientX - left, y: event.clientY - top };
    };
    const onScrollbar = ({ x }: Finger) => x >= element.clientWidth;

    const wheel = (event: WheelEvent) => {
      event.preventDefault();
      const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? line : event.deltaMode ? element.clientHeight : 1;
      const [right, down] = [event.deltaX * unit, event.deltaY * unit];
      if (event.shiftKey) view()?.pan(0, down || right);
      else {
        const { x, y } = inside(event);
        // a pinch on a touchpad comes as small steps with Ctrl
        view()?.zoom(Math.exp(-down * (event.ctrlKey ? 0.01 : 0.0015)), x, y);
        if (right) view()?.pan(right, 0);
      }
    };
    const press = (event: PointerEvent) => {
      const at = inside(event);
      if (event.button !== 0 || onScrollbar(at)) return;
      fingers.set(event.pointerId, at);
      dragging = fingers.size > 1;
    };
    const move = (event: PointerEvent) => {
      const at = inside(event);
      const before = fingers.get(event.pointerId);
      if (!before) {
        hover(onScrollbar(at) ? undefined : view()?.at(at.x, at.y));
        return;
      }
      if (!dragging && Math.hypot(at.x - before.x, at.y - before.y) < slop) return;
      if (!dragging) element.setPointerCapture(event.pointerId);
      dragging = true;
      const [other] = [...fingers].filter(([id]) => id !== event.pointerId).map(([, finger]) => finger);
      if (other) {
        const spread = (finger: Finger) => Math.max(1, Math.hypot(finger.x - other.x, finger.y - other.y));
        view()?.zoom(spread(at) / spread(before), (at.x + other.x) / 2, (at.y + other.y) / 2);
        view()?.pan((before.x - at.x) / 2, (before.y - at.y) / 2);
      } else view()?.pan(before.x - at.x, before.y - at.y);
      fingers.set(event.pointerId, at);
    };
    const release = (event: PointerEvent) => {
      const pressed = fingers.delete(event.pointerId);
      if (!pressed) return;
      if (!dragging && event.type === 'pointerup') {
        const { x, y } = inside(event);
        const position = view()?.at(x, y);
        if (position !== undefined) click(position, { shiftKey: event.shiftKey, more: event.ctrlKey || event.metaKey });
      }
      if (fingers.size === 0) dragging = false;
    };
    const leave = () => hover(undefined);

    element.addEventListener('wheel', wheel, { passive: false });
    element.addEventListener('pointerdown', press);
    element.addEventListener('pointermove', move);
    element.addEventListener('pointerup', release);
    element.addEventListener('pointercancel', release);
    element.addEventListener('pointerleave', leave);
    return () => {
      element.removeEventListener('wheel', wheel);
      element.removeEventListener('pointerdown', press);
      element.removeEventListener('pointermove', move);
      element.removeEventListener('pointerup', release);
      element.removeEventListener('pointercancel', release);
      element.removeEventListener('pointerleave', leave);
    };
  };
