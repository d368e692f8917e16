/** The energy of each chain over its steps as lines in a room, and the chain nearest to a pointer. */
import { scaleLinear } from 'd3-scale';

/** Energies in nats of all chains at one step. */
export interface EnergyPoint {
  readonly step: number;
  readonly values: Float32Array;
}

/** Lines of one set of chains. */
export interface ChainLines {
  readonly label: string;
  readonly colour: string;
  readonly points: readonly EnergyPoint[];
}

export interface PlotRoom {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface ChainScales {
  readonly x: (step: number) => number;
  readonly y: (energy: number) => number;
  readonly step: (x: number) => number;
  readonly xTicks: readonly number[];
  readonly yTicks: readonly number[];
}

/** Both axes hold all lines; `steps` is how far the chains are meant to go. */
export function scalesOf(sets: readonly ChainLines[], steps: number, room: PlotRoom): ChainScales {
  let [low, high, last] = [Infinity, -Infinity, Math.max(1, steps)];
  for (const { points } of sets)
    for (const { step, values } of points) {
      last = Math.max(last, step);
      for (const value of values)
        if (Number.isFinite(value)) {
          low = Math.min(low, value);
          high = Math.max(high, value);
        }
    }
  if (low > high) [low, high] = [-1, 1];
  if (low === high) [low, high] = [low - 1, high + 1];
  const x = scaleLinear([0, last], [room.left, room.width - room.right]);
  const y = scaleLinear([low, high], [room.height - room.bottom, room.top]).nice(4);
  return {
    x,
    y,
    step: (at) => x.invert(at),
    xTicks: x.ticks(Math.min(10, last)).filter(Number.isInteger),
    yTicks: y.ticks(Math.max(2, Math.min(4, (room.height - room.top - room.bottom) / 24))),
  };
}

/** Mean over the chains that are finite. */
export function meanOf(values: Float32Array): number {
  let [sum, count] = [0, 0];
  for (const value of values)
    if (Number.isFinite(value)) {
      sum += value;
      count++;
    }
  return count > 0 ? sum / count : NaN;
}

/** Set and chain whose line passes nearest to the pointer, within `reach` px up or down. */
export function nearestChain(
  sets: readonly ChainLines[],
  scales: ChainScales,
  at: { readonly x: number; readonly y: number },
  reach = 24,
): { readonly set: number; readonly chain: number; readonly step: number } | undefined {
  let [best, found] = [reach, undefined as { set: number; chain: number; step: number } | undefined];
  sets.forEach(({ points }, set) => {
    const point = nearestPoint(points, scales.step(at.x));
    point?.values.forEach((value, chain) => {
      const distance = Math.abs(scales.y(value) - at.y);
      if (distance < best) [best, found] = [distance, { set, chain, step: point.step }];
    });
  });
  return found;
}

const nearestPoint = (points: readonly EnergyPoint[], step: number): EnergyPoint | undefined =>
  points.reduce<EnergyPoint | undefined>(
    (best, point) => (best && Math.abs(best.step - step) <= Math.abs(point.step - step) ? best : point),
    undefined,
  );
