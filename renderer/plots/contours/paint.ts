/** One panel on a canvas: bands and isolines below; ball, data points, walks, star, crosshair and chosen range above. */
import { pathInk } from '../../../core/figures/contour-paths';
import type { Theme } from '../../../core/figures/theme';
import type { Offset } from './plane';
import type { Contours } from './rings';

/** A walk over a panel: offsets at each step. */
export interface PanelWalk {
  readonly a: ArrayLike<number>;
  readonly b: ArrayLike<number>;
}
export interface DataPoint extends Offset {
  readonly colour: string;
}
export interface Selection {
  readonly from: Offset;
  readonly to: Offset;
}

export interface PanelMarks {
  readonly ball: readonly Offset[];
  readonly points: readonly DataPoint[];
  readonly walks: readonly PanelWalk[];
  /** Walks are drawn up to this step, with a dot there. */
  readonly step: number;
  /** Where the real image lies. */
  readonly star: Offset | undefined;
  readonly probe: Offset | undefined;
  readonly selection: Selection | undefined;
}

export type Placer = (offset: Offset) => readonly [x: number, y: number];

/** Offsets to pixels of a square of `side`; the second direction points up. */
export const placer =
  (extent: number, side: number): Placer =>
  ({ a, b }) => [(side * (1 + a / extent)) / 2, (side * (1 - b / extent)) / 2];

export function paintContours(context: CanvasRenderingContext2D, contours: Contours, side: number, theme: Theme): void {
  context.fillStyle = contours.ground;
  context.fillRect(0, 0, side, side);
  context.lineWidth = 0.7;
  context.strokeStyle = '#00000047';
  for (const { path, fill } of contours.bands) {
    context.fillStyle = fill;
    context.fill(path, 'evenodd');
    context.stroke(path);
  }
  context.lineWidth = 1.2;
  context.setLineDash([3, 2.5]);
  for (const { path, low } of contours.ends) {
    context.strokeStyle = low ? '#fff' : '#000';
    context.stroke(path);
  }
  context.setLineDash([]);
  context.font = "10px 'Inter Variable', sans-serif";
  context.textAlign = 'center';
  context.lineJoin = 'round';
  context.lineWidth = 3;
  for (const { x, y, text, ink, halo } of contours.labels) {
    context.strokeStyle = halo;
    context.strokeText(text, x, y + 3.5);
    context.fillStyle = ink;
    context.fillText(text, x, y + 3.5);
  }
  if (contours.broken) {
    context.fillStyle = theme.sunken;
    context.fill(contours.broken, 'evenodd');
  }
}

export function paintMarks(context: CanvasRenderingContext2D, marks: PanelMarks, place: Placer, side: number): void {
  const { ball, points, walks, step, star, probe, selection } = marks;
  if (ball.length > 0) {
    const outline = polyline(ball.map(place), true);
    stroke(context, outline, '#ffffffcc', 3);
    stroke(context, outline, '#14171a', 1, [4, 3]);
  }
  for (const point of points) dot(context, place(point), 2.4, point.colour, '#ffffffcc', 0.8);
  for (const { a, b } of walks) {
    const all = Array.from({ length: a.length }, (_, i) => place({ a: a[i] ?? NaN, b: b[i] ?? NaN }));
    const path = polyline(all.slice(0, step + 1));
    stroke(context, path, '#ffffffd9', 3.6);
    stroke(context, path, pathInk, 1.4);
    const [start, end] = [all[0], all[Math.min(step, all.length - 1)]];
    if (start) dot(context, start, 3.2, '#fff', pathInk, 1.4);
    if (end) dot(context, end, 3.6, pathInk, '#fff', 1.4);
  }
  if (star) drawStar(context, ...place(star), 8);
  if (probe) crosshair(context, ...place(probe), side);
  if (selection) veil(context, place(selection.from), place(selection.to), side);
}

function polyline(points: readonly (readonly [number, number])[], closed = false): Path2D {
  const path = new Path2D();
  points.forEach(([x, y], i) => (i === 0 ? path.moveTo(x, y) : path.lineTo(x, y)));
  if (closed) path.closePath();
  return path;
}

function stroke(context: CanvasRenderingContext2D, path: Path2D, colour: string, width: number, dash: number[] = []) {
  context.lineJoin = 'round';
  context.lineCap = 'round';
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.setLineDash(dash);
  context.stroke(path);
  context.setLineDash([]);
}

function dot(
  context: CanvasRenderingContext2D,
  [x, y]: readonly [number, number],
  radius: number,
  fill: string,
  rim: string,
  width: number,
): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = fill;
  context.fill();
  context.strokeStyle = rim;
  context.lineWidth = width;
  context.stroke();
}

function drawStar(context: CanvasRenderingContext2D, x: number, y: number, radius: number): void {
  const path = new Path2D();
  for (let i = 0; i < 10; i++) {
    const r = i % 2 === 0 ? radius : radius * 0.42;
    const angle = (i * Math.PI) / 5 - Math.PI / 2;
    path.lineTo(x + r * Math.cos(angle), y + r * Math.sin(angle));
  }
  path.closePath();
  context.fillStyle = '#0072b2';
  context.fill(path);
  stroke(context, path, '#fff', 1.6);
}

function crosshair(context: CanvasRenderingContext2D, x: number, y: number, side: number): void {
  const path = new Path2D();
  for (const [x0, y0, x1, y1] of [
    [0, y, x - 7, y],
    [x + 7, y, side, y],
    [x, 0, x, y - 7],
    [x, y + 7, x, side],
  ] as const) {
    path.moveTo(x0, y0);
    path.lineTo(x1, y1);
  }
  stroke(context, path, '#ffffff66', 2);
  stroke(context, path, '#14171a99', 0.7);
  stroke(context, circle(x, y, 6), '#fff', 3);
  stroke(context, circle(x, y, 6), '#14171a', 1.2);
}

function circle(x: number, y: number, radius: number): Path2D {
  const path = new Path2D();
  path.arc(x, y, radius, 0, 2 * Math.PI);
  return path;
}

/** Darkens what the chosen range leaves out. */
function veil(
  context: CanvasRenderingContext2D,
  from: readonly [number, number],
  to: readonly [number, number],
  side: number,
): void {
  const [left, right] = [Math.min(from[0], to[0]), Math.max(from[0], to[0])];
  const [top, bottom] = [Math.min(from[1], to[1]), Math.max(from[1], to[1])];
  const path = new Path2D();
  path.rect(0, 0, side, side);
  path.rect(left, top, right - left, bottom - top);
  context.fillStyle = '#00000073';
  context.fill(path, 'evenodd');
  context.strokeStyle = '#fff';
  context.lineWidth = 1.4;
  context.strokeRect(left, top, right - left, bottom - top);
}
