/** The cells of one surface, its walks and the star at the image, from the farthest to the nearest. */
import { batlow } from './batlow';
import { type Camera, tall } from './camera';
import { type EnergyGrid, type PanelMarks, star } from './contour-panel';
import { type Outline, type PanelPath, pathInk } from './contour-paths';
import type { EnergyRange } from './contour-range';
import { el } from './xml';

interface Piece {
  readonly near: number;
  readonly markup: string;
}

const colours = 96;
const short = (value: number): string => String(Math.round(value * 10) / 10 || 0);
const lineOf = (points: readonly (readonly [number, number])[]): string =>
  `M${points.map(([x, y]) => `${short(x)},${short(y)}`).join('L')}`;

/** Energies between the grid's points, t in [-1,1] along both axes; NaN where a neighbour is. */
function between({ grid, n }: EnergyGrid): (a: number, b: number) => number {
  const at = (i: number, j: number) => grid[j * n + i] ?? NaN;
  return (a, b) => {
    const [x, y] = [((a + 1) / 2) * (n - 1), ((b + 1) / 2) * (n - 1)];
    const [i, j] = [Math.min(n - 2, Math.max(0, Math.floor(x))), Math.min(n - 2, Math.max(0, Math.floor(y)))];
    const [u, v] = [x - i, y - j];
    return (1 - v) * ((1 - u) * at(i, j) + u * at(i + 1, j)) + v * ((1 - u) * at(i, j + 1) + u * at(i + 1, j + 1));
  };
}

/** Walks lie on the surface; what a hill hides stays hidden. */
export function surfaceCells(
  panel: EnergyGrid & Omit<PanelMarks, 'points'>,
  { low, high }: EnergyRange,
  { place, near }: Camera,
  { extent, finest }: { readonly extent: number; readonly finest: number },
): string {
  const energy = between(panel);
  const share = (e: number) => (high > low ? Math.min(1, Math.max(0, (e - low) / (high - low))) : 0.5);
  const spot = (a: number, b: number) => place(a, b, tall * share(energy(a, b)));
  const m = Math.min(panel.n, finest);
  const at = (i: number) => -1 + (2 * i) / (m - 1);
  const every = Math.max(2, Math.round((m - 1) / 12));
  const pieces: Piece[] = [];
  for (let j = 0; j < m - 1; j++)
    for (let i = 0; i < m - 1; i++) {
      const [a, b, c, d] = [at(i), at(i + 1), at(j), at(j + 1)];
      const mean = (energy(a, c) + energy(b, c) + energy(a, d) + energy(b, d)) / 4;
      if (!Number.isFinite(mean)) continue;
      const fill = batlow(Math.round(share(mean) * colours) / colours);
      const corners = [spot(a, c), spot(b, c), spot(b, d), spot(a, d)];
      const mesh = [
        ...(j % every === 0 ? [lineOf([spot(a, c), spot(b, c)])] : []),
        ...(i % every === 0 ? [lineOf([spot(a, c), spot(a, d)])] : []),
      ].join('');
      pieces.push({
        near: near((a + b) / 2, (c + d) / 2),
        markup:
          `<path d="${lineOf(corners)}Z" fill="${fill}" stroke="${fill}"/>` +
          (mesh === '' ? '' : `<path d="${mesh}" stroke="#fff" stroke-opacity=".35"/>`),
      });
    }
  const cell = 2 / (m - 1);
  const above = (a: number, b: number) => near(a, b) + 1.5 * cell;
  const { a: starA = 0, b: starB = 0 } = panel.star ?? {};
  const image = [starA / extent, starB / extent] as const;
  const [x, y] = spot(...image);
  if (Number.isFinite(y)) pieces.push({ near: above(...image) + cell, markup: star(x, y, 7) });
  if (panel.ball) {
    const ring = {
      a: [...Array.from(panel.ball.a), panel.ball.a[0] ?? NaN],
      b: [...Array.from(panel.ball.b), panel.ball.b[0] ?? NaN],
    };
    pieces.push(...linePieces(ring, extent, cell, spot, above, true));
  }
  for (const path of panel.paths ?? []) pieces.push(...pathPieces(path, extent, cell, spot, above));
  pieces.sort((one, other) => one.near - other.near);
  return el('g', { 'stroke-width': 0.6, 'stroke-linejoin': 'round' }, ...pieces.map(({ markup }) => markup));
}

type Spotter = (a: number, b: number) => readonly [number, number];

const onSurface = ({ a, b }: Outline, extent: number, spot: Spotter) =>
  Array.from({ length: a.length }, (_, i) => [(a[i] ?? NaN) / extent, (b[i] ?? NaN) / extent] as const)
    .filter(([u, v]) => Math.abs(u) <= 1 && Math.abs(v) <= 1)
    .filter(([u, v]) => spot(u, v).every(Number.isFinite));

/** A line in pieces no longer than a cell, each at its own depth; thin and with gaps where it is an outline. */
function linePieces(
  line: Outline,
  extent: number,
  cell: number,
  spot: Spotter,
  above: (a: number, b: number) => number,
  outline = false,
): Piece[] {
  const points = onSurface(line, extent, spot);
  return points.slice(1).flatMap(([u, v], i): Piece[] => {
    const [u0, v0] = points[i] ?? [u, v];
    const parts = Math.max(1, Math.min(64, Math.ceil(Math.hypot(u - u0, v - v0) / cell)));
    return Array.from({ length: parts }, (_, k) => {
      const on = (t: number) => [u0 + (u - u0) * t, v0 + (v - v0) * t] as const;
      const [from, to] = [on(k / parts), on((k + 1) / parts)];
      const d = lineOf([spot(...from), spot(...to)]);
      const gap = outline && i % 4 > 1;
      return {
        near: above(...on((k + 0.5) / parts)),
        markup:
          el('path', { d, stroke: '#fff', 'stroke-width': outline ? 2.6 : 3.4, 'stroke-opacity': 0.85 }) +
          (gap ? '' : el('path', { d, stroke: pathInk, 'stroke-width': outline ? 1 : 1.4, 'stroke-linecap': 'round' })),
      };
    });
  });
}

/** A walk with a mark at its start and its end. */
function pathPieces(
  path: PanelPath,
  extent: number,
  cell: number,
  spot: Spotter,
  above: (a: number, b: number) => number,
): Piece[] {
  const points = onSurface(path, extent, spot);
  const pieces = linePieces(path, extent, cell, spot, above);
  const mark = (point: readonly [number, number] | undefined, fill: string, stroke: string): Piece[] => {
    if (!point) return [];
    const [cx, cy] = spot(...point);
    const circle = el('circle', { cx, cy, r: 3.4, fill, stroke, 'stroke-width': 1.4 });
    return [{ near: above(...point) + cell / 2, markup: circle }];
  };
  return [...pieces, ...mark(points[0], '#fff', pathInk), ...mark(points.at(-1), pathInk, '#fff')];
}
