/** Paints the energy of chains over their steps on a canvas: thin lines, their mean, axes with numbers, what is pointed at. */
import { type ChainLines, type ChainScales, type PlotRoom, meanOf } from './geometry';

export interface Inks {
  readonly ink: string;
  readonly faint: string;
  readonly line: string;
  readonly ground: string;
  readonly font: string;
}

export interface Marks {
  /** The chain that is pointed at or selected, in every set. */
  readonly chain?: number | undefined;
  /** The step whose images are shown. */
  readonly step?: number | undefined;
}

/** Chains drawn one by one; of more, so many are drawn, evenly spread. */
const most = 200;

export function paintChains(
  pen: CanvasRenderingContext2D,
  sets: readonly ChainLines[],
  scales: ChainScales,
  room: PlotRoom,
  inks: Inks,
  { chain, step }: Marks,
  format: (energy: number) => string,
): void {
  pen.clearRect(0, 0, room.width, room.height);
  axes(pen, scales, room, inks, format);
  for (const set of sets) {
    const count = set.points[0]?.values.length ?? 0;
    const drawn = Math.min(count, most);
    pen.globalAlpha = chain === undefined ? 0.35 : 0.18;
    for (let k = 0; k < drawn; k++)
      line(pen, set, scales, 1, (values) => values[Math.floor((k * count) / drawn)] ?? NaN);
    pen.globalAlpha = 1;
    if (count > 1 && chain === undefined) line(pen, set, scales, 2, meanOf);
  }
  if (step !== undefined) {
    pen.strokeStyle = inks.faint;
    pen.setLineDash([3, 3]);
    stroke(pen, 1, [scales.x(step), room.top, scales.x(step), room.height - room.bottom]);
    pen.setLineDash([]);
  }
  if (chain !== undefined)
    for (const set of sets) {
      line(pen, { ...set, colour: inks.ground }, scales, 5, (values) => values[chain] ?? NaN);
      line(pen, set, scales, 2.5, (values) => values[chain] ?? NaN);
    }
}

function axes(
  pen: CanvasRenderingContext2D,
  { x, y, xTicks, yTicks }: ChainScales,
  { width, height, left, right, bottom }: PlotRoom,
  { ink, line: rule, font }: Inks,
  format: (energy: number) => string,
): void {
  pen.font = font;
  pen.fillStyle = ink;
  pen.strokeStyle = rule;
  pen.textBaseline = 'middle';
  pen.textAlign = 'right';
  for (const tick of yTicks) {
    stroke(pen, 1, [left, Math.round(y(tick)) + 0.5, width - right, Math.round(y(tick)) + 0.5]);
    pen.fillText(format(tick), left - 6, y(tick));
  }
  pen.textAlign = 'center';
  pen.textBaseline = 'alphabetic';
  for (const tick of xTicks) pen.fillText(String(tick), x(tick), height - bottom + 14);
}

function stroke(
  pen: CanvasRenderingContext2D,
  width: number,
  [x0, y0, x1, y1]: readonly [number, number, number, number],
): void {
  pen.lineWidth = width;
  pen.beginPath();
  pen.moveTo(x0, y0);
  pen.lineTo(x1, y1);
  pen.stroke();
}

/** One line through a value of each point; gaps where it is not finite. */
function line(
  pen: CanvasRenderingContext2D,
  { points, colour }: ChainLines,
  { x, y }: ChainScales,
  width: number,
  valueOf: (values: Float32Array) => number,
): void {
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.lineJoin = 'round';
  pen.beginPath();
  let open = false;
  for (const { step, values } of points) {
    const value = valueOf(values);
    if (Number.isFinite(value)) {
      if (open) pen.lineTo(x(step), y(value));
      else pen.moveTo(x(step), y(value));
      // a single point is a dot
      if (points.length === 1) pen.lineTo(x(step) + 2, y(value));
    }
    open = Number.isFinite(value);
  }
  pen.stroke();
}
