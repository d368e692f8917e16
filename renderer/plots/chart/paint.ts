/** Paints reduced curves: a pale band or line for the raw values, the smoothed course over it, superseded stretches below all. */
import type { Curve } from './curve';
import type { Reduced } from './reduce';

export interface Painted {
  readonly curve: Curve;
  readonly main: Reduced;
  readonly superseded: readonly Reduced[];
}
export interface Ground {
  readonly ctx: CanvasRenderingContext2D;
  /** Of the plot, in canvas pixels. */
  readonly box: { readonly left: number; readonly top: number; readonly width: number; readonly height: number };
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
  /** Canvas pixels of a CSS pixel. */
  readonly ratio: number;
  /** Of superseded stretches. */
  readonly faint: string;
}

export function paint(ground: Ground, all: readonly Painted[], smoothing: boolean): void {
  const { ctx, box, ratio, faint } = ground;
  ctx.save();
  ctx.beginPath();
  ctx.rect(box.left, box.top, box.width, box.height);
  ctx.clip();
  ctx.lineJoin = 'round';
  for (const { superseded } of all)
    for (const part of superseded) {
      stroke(ctx, faint, ratio, [2 * ratio, 3 * ratio], 0.75);
      line(ground, part.x, part.joined ? part.high : part.course);
    }
  for (const { curve, main } of all) {
    const smooth = smoothing && !curve.points;
    ctx.fillStyle = curve.colour;
    if (main.joined) band(ground, main, smooth ? 0.22 : 0.45);
    else if (smooth) {
      stroke(ctx, curve.colour, ratio, [], 0.3);
      line(ground, main.x, main.low);
    }
  }
  for (const { curve, main } of all) {
    stroke(
      ctx,
      curve.colour,
      1.5 * ratio,
      (curve.dash ?? []).map((length) => length * ratio),
      1,
    );
    line(ground, main.x, main.course);
    ctx.fillStyle = curve.colour;
    const few = main.x.length <= box.width / (8 * ratio);
    if (curve.points ? few : main.x.length === 1) dots(ground, main);
  }
  ctx.restore();
}

function stroke(ctx: CanvasRenderingContext2D, colour: string, width: number, dash: number[], alpha: number): void {
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.globalAlpha = alpha;
  ctx.setLineDash(dash);
}

/** Interrupted where a value is missing. */
function line({ ctx, x, y }: Ground, xs: Float64Array, ys: Float64Array): void {
  ctx.beginPath();
  let down = false;
  for (let i = 0; i < xs.length; i++) {
    const [a, b] = [x(xs[i] ?? NaN), y(ys[i] ?? NaN)];
    if (!Number.isFinite(b)) down = false;
    else if (down) ctx.lineTo(a, b);
    else {
      ctx.moveTo(a, b);
      down = true;
    }
  }
  ctx.stroke();
}

/** From the lowest to the highest value of each column of pixels; at least as high as a thin line. */
function band({ ctx, x, y, ratio }: Ground, { x: xs, low, high }: Reduced, alpha: number): void {
  ctx.globalAlpha = alpha;
  ctx.beginPath();
  let begun = -1;
  for (let i = 0; i <= xs.length; i++) {
    const there = i < xs.length && Number.isFinite(low[i] ?? NaN);
    if (there && begun < 0) begun = i;
    if (there || begun < 0) continue;
    for (let j = begun; j < i; j++) ctx.lineTo(x(xs[j] ?? NaN), y(high[j] ?? NaN) - ratio / 2);
    for (let j = i - 1; j >= begun; j--) ctx.lineTo(x(xs[j] ?? NaN), y(low[j] ?? NaN) + ratio / 2);
    ctx.closePath();
    begun = -1;
  }
  ctx.fill();
}

function dots({ ctx, x, y, ratio }: Ground, { x: xs, course }: Reduced): void {
  ctx.beginPath();
  for (let i = 0; i < xs.length; i++) {
    const [a, b] = [x(xs[i] ?? NaN), y(course[i] ?? NaN)];
    if (!Number.isFinite(b)) continue;
    ctx.moveTo(a, b);
    ctx.arc(a, b, 2.25 * ratio, 0, 2 * Math.PI);
  }
  ctx.fill();
}
