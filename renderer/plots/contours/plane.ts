/** A square grid of energies on a plane x + a u + b v: values between its points, the image at a point, the ball of a norm on it. */

export interface EnergyPlane {
  /** Points along an axis. */
  readonly n: number;
  /** [n * n] in nats, a along rows, b from row to row. */
  readonly grid: Float32Array;
  /** Largest offset along both axes. */
  readonly extent: number;
}

/** A point of the plane. */
export interface Offset {
  readonly a: number;
  readonly b: number;
}

/** The energy between the grid's points; NaN outside. */
export function energyAt({ n, grid, extent }: EnergyPlane, { a, b }: Offset): number {
  const [x, y] = [a, b].map((offset) => ((offset / extent + 1) / 2) * (n - 1)) as [number, number];
  if (!(x >= 0 && y >= 0 && x <= n - 1 && y <= n - 1)) return NaN;
  const [i, j] = [Math.min(n - 2, Math.floor(x)), Math.min(n - 2, Math.floor(y))];
  const [s, t] = [x - i, y - j];
  const at = (column: number, row: number) => grid[row * n + column] ?? NaN;
  return (1 - t) * ((1 - s) * at(i, j) + s * at(i + 1, j)) + t * ((1 - s) * at(i, j + 1) + s * at(i + 1, j + 1));
}

/** The image at a point, as a screen can show it: clipped to [0,1]; `outside` is the share of its values that are not in there. */
export function imageAt(
  { image, u, v }: Record<'image' | 'u' | 'v', Float32Array>,
  { a, b }: Offset,
): { pixels: Float32Array; outside: number } {
  let outside = 0;
  const pixels = image.map((value, i) => {
    const moved = value + a * (u[i] ?? 0) + b * (v[i] ?? 0);
    if (moved < 0 || moved > 1) outside++;
    return Math.min(1, Math.max(0, moved));
  });
  return { pixels, outside: outside / image.length };
}

const corners = 180;

/** The border of the ball of radius eps round the image, cut by the plane: eps / ||cos t u + sin t v|| for all t. */
export function ballOutline(u: Float32Array, v: Float32Array, norm: 'linf' | 'l2', eps: number): Offset[] {
  return Array.from({ length: corners }, (_, k) => {
    const angle = (2 * Math.PI * k) / corners;
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    let size = 0;
    for (let i = 0; i < u.length; i++) {
      const along = cos * (u[i] ?? 0) + sin * (v[i] ?? 0);
      size = norm === 'linf' ? Math.max(size, Math.abs(along)) : size + along * along;
    }
    const radius = eps / (norm === 'linf' ? size : Math.sqrt(size));
    return { a: radius * cos, b: radius * sin };
  });
}
