/** Arrows in pixels: their lines with heads, and the one that is nearest to the pointer. */

type Ends = readonly [x0: number, y0: number, x1: number, y1: number];

const head = 6;

export function arrowPath(x0: number, y0: number, x1: number, y1: number): string {
  const angle = Math.atan2(y1 - y0, x1 - x0);
  const wing = (side: number) => {
    const turned = angle + Math.PI + side * 0.4;
    return `M${round(x1)} ${round(y1)}L${round(x1 + head * Math.cos(turned))} ${round(y1 + head * Math.sin(turned))}`;
  };
  const long = Math.hypot(x1 - x0, y1 - y0) > head;
  return `M${round(x0)} ${round(y0)}L${round(x1)} ${round(y1)}${long ? wing(1) + wing(-1) : ''}`;
}
const round = (value: number) => Math.round(10 * value) / 10;

/** Farther from the pointer none is meant. */
const reach = 24;

/** By the distance to its line. */
export function nearestArrow(arrows: readonly (Ends | undefined)[], x: number, y: number): number | undefined {
  let best: number | undefined;
  let least = reach;
  arrows.forEach((ends, i) => {
    if (!ends) return;
    const [x0, y0, x1, y1] = ends;
    const [dx, dy] = [x1 - x0, y1 - y0];
    const along = Math.min(1, Math.max(0, ((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy || 1)));
    const distance = Math.hypot(x - x0 - along * dx, y - y0 - along * dy);
    if (distance < least) [best, least] = [i, distance];
  });
  return best;
}
