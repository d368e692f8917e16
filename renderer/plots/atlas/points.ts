/** Drawing and finding the points of a two-dimensional set: x to the right, y upwards, on a square window of the plane. */
import type { AtlasColours } from './colours';

/** The part of the plane that the shorter side of the view shows; the rest of the longer side lies beyond it on both ends. */
export interface Window {
  readonly left: number;
  readonly bottom: number;
  readonly size: number;
}
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** CSS pixels of a point of the plane. */
export function toScreen({ left, bottom, size }: Window, { width, height }: Size, x: number, y: number) {
  const side = Math.min(width, height);
  const scale = side / size;
  return {
    x: (width - side) / 2 + (x - left) * scale,
    y: (height + side) / 2 - (y - bottom) * scale,
  };
}

export function toPlane({ left, bottom, size }: Window, { width, height }: Size, x: number, y: number) {
  const side = Math.min(width, height);
  const scale = side / size;
  return { x: left + (x - (width - side) / 2) / scale, y: bottom + ((height + side) / 2 - y) / scale };
}

/** Shows a part `factor` times smaller; what is at (x, y) stays there. */
export function zoomed(window: Window, factor: number, x: number, y: number, view: Size): Window {
  const size = Math.min(4, Math.max(0.01, window.size / factor));
  const share = size / window.size;
  const fixed = toPlane(window, view, x, y);
  return {
    left: fixed.x - (fixed.x - window.left) * share,
    bottom: fixed.y - (fixed.y - window.bottom) * share,
    size,
  };
}

/** The point drawn nearest to a place, within 12 pixels. */
export function nearestPoint(
  points: Float32Array,
  order: Uint32Array,
  window: Window,
  view: Size,
  x: number,
  y: number,
): number | undefined {
  let [best, least]: [number | undefined, number] = [undefined, 12];
  for (const image of order) {
    const at = toScreen(window, view, points[2 * image] ?? 0, points[2 * image + 1] ?? 0);
    const distance = Math.hypot(at.x - x, at.y - y);
    if (distance < least) [best, least] = [image, distance];
  }
  return best;
}

export interface PointScene extends Size {
  readonly points: Float32Array;
  readonly labels: Int32Array;
  readonly order: Uint32Array;
  readonly colours: readonly string[];
  /** 1 and 2: framed. */
  readonly marks: Uint8Array | undefined;
  readonly selected: ReadonlySet<number>;
  readonly active: number;
  readonly view: Window;
  readonly ratio: number;
  readonly theme: AtlasColours;
}

export function paintPoints(context: CanvasRenderingContext2D, scene: PointScene): void {
  const { points, labels, order, colours, marks, selected, active, view, ratio, theme } = scene;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.fillStyle = theme.paper;
  context.fillRect(0, 0, scene.width, scene.height);
  axes(context, scene);
  const radius = Math.min(6, 2.2 / Math.sqrt(view.size));
  const byClass = colours.map(() => new Path2D());
  const [framed, chosen] = [new Path2D(), new Path2D()];
  const circle = (path: Path2D, image: number, size: number) => {
    const { x, y } = toScreen(view, scene, points[2 * image] ?? 0, points[2 * image + 1] ?? 0);
    path.moveTo(x + size, y);
    path.arc(x, y, size, 0, 2 * Math.PI);
  };
  for (const image of order) {
    const path = byClass[labels[image] ?? 0];
    if (path) circle(path, image, radius);
    if (marks?.[image]) circle(framed, image, radius + 1.5);
    if (selected.has(image)) circle(chosen, image, radius + 3);
  }
  context.globalAlpha = 0.75;
  byClass.forEach((path, i) => {
    context.fillStyle = colours[i] ?? theme.ink;
    context.fill(path);
  });
  context.globalAlpha = 1;
  context.lineWidth = 1.5;
  context.strokeStyle = theme.bad;
  context.stroke(framed);
  context.strokeStyle = theme.accent;
  context.stroke(chosen);
  if (active < 0) return;
  const at = new Path2D();
  circle(at, active, radius + 5);
  context.lineWidth = 5;
  context.strokeStyle = theme.paper;
  context.stroke(at);
  context.lineWidth = 2.5;
  context.strokeStyle = theme.accent;
  context.stroke(at);
}

/** The unit square and its quarters. */
function axes(context: CanvasRenderingContext2D, scene: PointScene): void {
  const { theme, view } = scene;
  context.font = `11px ${theme.font}`;
  context.fillStyle = theme.faint;
  context.lineWidth = 1;
  const inside = {
    x: (v: number) => Math.min(scene.width - 30, Math.max(4, v)),
    y: (v: number) => Math.min(scene.height - 6, Math.max(12, v)),
  };
  for (const tick of [0, 0.25, 0.5, 0.75, 1]) {
    const [low, high] = [toScreen(view, scene, tick, 0), toScreen(view, scene, tick, 1)];
    const [begin, end] = [toScreen(view, scene, 0, tick), toScreen(view, scene, 1, tick)];
    context.strokeStyle = theme.line;
    context.beginPath();
    context.moveTo(Math.round(low.x) + 0.5, low.y);
    context.lineTo(Math.round(high.x) + 0.5, high.y);
    context.moveTo(begin.x, Math.round(begin.y) + 0.5);
    context.lineTo(end.x, Math.round(end.y) + 0.5);
    context.stroke();
    context.textAlign = 'center';
    context.fillText(String(tick), low.x, inside.y(low.y + 14));
    context.textAlign = 'right';
    if (tick > 0) context.fillText(String(tick), inside.x(begin.x - 6), begin.y + 4);
  }
  context.textAlign = 'left';
}
