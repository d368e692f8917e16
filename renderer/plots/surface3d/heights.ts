/** The surface over the floor as a function: its height at a point, where a ray of the viewer meets it, and what it hides. */
import { type View, tall } from '../../../core/figures/camera';
import type { EnergyRange } from '../../../core/figures/contour-range';
import { type EnergyPlane, type Offset, energyAt } from '../contours/plane';

/** a and b in [-1,1] on the floor, z in [0, tall]; NaN where there is no energy. */
export type Heights = (a: number, b: number) => number;

export const heightsOf =
  (plane: EnergyPlane, { low, high }: EnergyRange): Heights =>
  (a, b) => {
    const energy = energyAt(plane, { a: a * plane.extent, b: b * plane.extent });
    if (Number.isNaN(energy)) return NaN;
    return tall * (high > low ? Math.min(1, Math.max(0, (energy - low) / (high - low))) : 0.5);
  };

const marches = 160;

interface Ray {
  /** Direction to the viewer over the floor, and how much it rises for a unit of floor. */
  readonly across: readonly [number, number];
  readonly rise: number;
}
function towardsViewer({ azimuth, elevation }: View): Ray {
  const turn = (azimuth * Math.PI) / 180;
  return {
    across: [Math.cos(turn), Math.sin(turn)],
    rise: Math.tan((Math.min(89.9, Math.max(0, elevation)) * Math.PI) / 180),
  };
}

/** Whether the surface stands between the viewer and a point that lies on it. */
export function isHidden(heights: Heights, a: number, b: number, view: View): boolean {
  const { across, rise } = towardsViewer(view);
  const foot = heights(a, b);
  for (let step = 2; step <= marches; step++) {
    const far = (2.9 * step) / marches;
    const [x, y] = [a + far * across[0], b + far * across[1]];
    if (Math.abs(x) > 1 || Math.abs(y) > 1) return false;
    const ray = foot + far * rise;
    if (ray > tall) return false;
    if (heights(x, y) > ray + 0.012) return true;
  }
  return false;
}

/** Where the viewer's ray through a pixel first meets the surface; `unplace` gives the floor point under that pixel. */
export function meets(
  heights: Heights,
  floor: readonly [number, number],
  view: View,
): { readonly a: number; readonly b: number } | undefined {
  const { across, rise } = towardsViewer(view);
  // from the viewer's side of the box, where the ray is at its top, down to the floor
  const start = Math.min(rise > 0 ? tall / rise : 4, 4);
  let above: number | undefined;
  for (let step = 0; step <= 2 * marches; step++) {
    const far = start * (1 - step / (2 * marches));
    const [a, b] = [floor[0] + far * across[0], floor[1] + far * across[1]];
    if (Math.abs(a) > 1 || Math.abs(b) > 1) {
      above = undefined;
      continue;
    }
    const gap = far * rise - heights(a, b);
    if (Number.isNaN(gap)) continue;
    if (gap <= 0) {
      // the first point may lie behind the near edge of the surface
      if (above === undefined && gap < -0.05) return undefined;
      return { a, b };
    }
    above = gap;
  }
  return undefined;
}

/** The floor point that a pixel shows, by the linear view: `place(a, b, 0)` solved for a and b. */
export function unplace(
  place: (a: number, b: number, z: number) => readonly [number, number],
  [x, y]: readonly [number, number],
): readonly [number, number] | undefined {
  const [x0, y0] = place(0, 0, 0);
  const [xa, ya] = place(1, 0, 0);
  const [xb, yb] = place(0, 1, 0);
  const [ax, ay, bx, by] = [xa - x0, ya - y0, xb - x0, yb - y0];
  const area = ax * by - ay * bx;
  if (Math.abs(area) < 1e-6) return undefined;
  const [dx, dy] = [x - x0, y - y0];
  return [(dx * by - dy * bx) / area, (dy * ax - dx * ay) / area];
}

/** Offsets of a walk in stretches that are seen or hidden, in pixels. */
export function stretches(
  heights: Heights,
  points: readonly Offset[],
  extent: number,
  view: View,
  place: (a: number, b: number, z: number) => readonly [number, number],
): { readonly hidden: boolean; readonly line: readonly (readonly [number, number])[] }[] {
  const fine = points.flatMap(({ a, b }, i) => {
    const before = points[i - 1] ?? { a, b };
    const parts = Math.max(1, Math.min(32, Math.ceil((Math.hypot(a - before.a, b - before.b) / extent) * 40)));
    return Array.from({ length: parts }, (_, k) => ({
      a: (before.a + ((a - before.a) * (k + 1)) / parts) / extent,
      b: (before.b + ((b - before.b) * (k + 1)) / parts) / extent,
    }));
  });
  const made: { hidden: boolean; line: (readonly [number, number])[] }[] = [];
  for (const { a, b } of fine) {
    const z = heights(a, b);
    if (Number.isNaN(z)) continue;
    const spot = place(a, b, z);
    const hidden = isHidden(heights, a, b, view);
    const last = made.at(-1);
    last?.line.push(spot);
    if (!last || last.hidden !== hidden) made.push({ hidden, line: [spot] });
  }
  return made;
}
