/** Where isolines carry their energy: the straightest stretch inside the panel, away from the centre and from other labels. */

type Position = readonly number[];

export interface LabelPlace {
  readonly x: number;
  readonly y: number;
}

const reach = 4;

/** @param lines rings of one isoline in pixels @param size side of the square panel in pixels @param taken places to keep clear of */
export function labelPlace(
  lines: readonly (readonly Position[])[],
  size: number,
  taken: readonly LabelPlace[],
): LabelPlace | undefined {
  const edge = 22;
  const clear = (x: number, y: number) =>
    x > edge &&
    y > edge &&
    x < size - edge &&
    y < size - edge &&
    Math.hypot(x - size / 2, y - size / 2) > 30 &&
    taken.every((place) => Math.hypot(x - place.x, y - place.y) > 44);
  let best: (LabelPlace & { bend: number }) | undefined;
  for (const ring of lines) {
    if (ring.length < 4 * reach) continue;
    for (let i = reach; i < ring.length - reach; i++) {
      const [x = 0, y = 0] = ring[i] ?? [];
      if (!clear(x, y)) continue;
      const [ax = 0, ay = 0] = ring[i - reach] ?? [];
      const [bx = 0, by = 0] = ring[i + reach] ?? [];
      const chord = Math.hypot(bx - ax, by - ay);
      const bend = Math.hypot((ax + bx) / 2 - x, (ay + by) / 2 - y) / Math.max(chord, 1e-6);
      if (best && bend >= best.bend - 1e-9) continue;
      best = { x, y, bend };
    }
  }
  return best;
}
