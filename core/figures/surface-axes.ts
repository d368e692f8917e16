/** The box round a surface: floor, back walls with the energies, and the ticks of u, v and E at its front edges. */
import { type Scale, scaleOf, ticksOf } from './axes';
import { type Camera, tall } from './camera';
import type { EnergyRange } from './contour-range';
import { fit } from './text-width';
import type { Theme } from './theme';
import { el, num, textAt } from './xml';

type Spot = readonly [number, number];

const join = (...points: Spot[]): string => `M${points.map(([x, y]) => `${num(x)} ${num(y)}`).join('L')}`;

/** What lies behind the surface. */
export function backWalls({ place, front }: Camera, { low, high }: EnergyRange, theme: Theme): string {
  const [a, b] = [-front.a, -front.b];
  const floor = join(place(-1, -1, 0), place(1, -1, 0), place(1, 1, 0), place(-1, 1, 0));
  const walls = join(place(a, front.b, tall), place(a, b, tall), place(front.a, b, tall));
  const posts = [place(a, front.b, 0), place(a, b, 0), place(front.a, b, 0)].map((foot, i) =>
    join(foot, place(i === 2 ? front.a : a, i === 0 ? front.b : b, tall)),
  );
  const z = heights({ low, high });
  const levels = ticksOf(z, 4).map(({ value }) =>
    join(place(a, front.b, z(value)), place(a, b, z(value)), place(front.a, b, z(value))),
  );
  return (
    el('path', { d: `${floor}Z`, fill: theme.sunken, stroke: theme.lineStrong }) +
    el('path', { d: [walls, ...posts, ...levels].join(''), fill: 'none', stroke: theme.line })
  );
}

const heights = ({ low, high }: EnergyRange): Scale =>
  scaleOf({ label: '', domain: high > low ? [low, high] : [low - 1, low + 1], exact: true }, [0, tall], 4);

/** Ticks and names of the two floor axes and of the energy at the leftmost post. */
export function boxAxes(
  camera: Camera,
  range: EnergyRange,
  { extent, unit }: { readonly extent: number; readonly unit: string },
  theme: Theme,
): string {
  const { place, front } = camera;
  const middle = place(0, 0, 0);
  const offsets = scaleOf({ label: '', domain: [-extent, extent], exact: true }, [-1, 1], 3);
  const floorAxis = (at: (t: number) => Spot, name: string) => {
    const [start, end] = [at(-1), at(1)];
    const [x, y] = at(0);
    const length = Math.hypot(end[0] - start[0], end[1] - start[1]);
    const [outX, outY] = outward(start, end, middle);
    const angle = (Math.atan2(end[1] - start[1], end[0] - start[0]) * 180) / Math.PI;
    const upright = angle > 90 ? angle - 180 : angle < -90 ? angle + 180 : angle;
    const marks = ticksOf(offsets, 3).map(({ value, text }) => {
      const [tx, ty] = at(offsets(value));
      return (
        el('path', { d: join([tx, ty], [tx + 4 * outX, ty + 4 * outY]), stroke: theme.lineStrong }) +
        textAt(tx + 12 * outX, ty + 12 * outY + 4, text, { fill: theme.ink2, size: 10, anchor: 'middle' })
      );
    });
    const label = textAt(x + 27 * outX, y + 27 * outY + 3, fit(`${name} (${unit})`, 10.5, Math.max(60, length)), {
      fill: theme.ink2,
      size: 10.5,
      anchor: 'middle',
      rotate: upright,
    });
    return el('path', { d: join(start, end), stroke: theme.lineStrong }) + marks.join('') + label;
  };
  return (
    floorAxis((t) => place(t, front.b, 0), 'u') +
    floorAxis((t) => place(front.a, t, 0), 'v') +
    energyAxis(camera, range, theme)
  );
}

function energyAxis({ place }: Camera, range: EnergyRange, theme: Theme): string {
  const feet = [-1, 1].flatMap((a) => [-1, 1].map((b) => [a, b] as const));
  const [a, b] = feet.reduce((best, foot) => (place(...foot, 0)[0] < place(...best, 0)[0] ? foot : best));
  const [foot, top] = [place(a, b, 0), place(a, b, tall)];
  if (foot[1] - top[1] < 24) return '';
  const z = heights(range);
  const marks = ticksOf(z, Math.max(2, Math.min(5, Math.floor((foot[1] - top[1]) / 22)))).map(({ value, text }) => {
    const [x, y] = place(a, b, z(value));
    return (
      el('path', { d: join([x - 4, y], [x, y]), stroke: theme.lineStrong }) +
      textAt(x - 7, y + 3.5, text, { fill: theme.ink2, size: 10, anchor: 'end' })
    );
  });
  return (
    el('path', { d: join(foot, top), stroke: theme.lineStrong }) +
    marks.join('') +
    textAt(foot[0] - 36, (foot[1] + top[1]) / 2, 'E, nats', {
      fill: theme.ink2,
      size: 10.5,
      anchor: 'middle',
      rotate: -90,
    })
  );
}

/** The direction of length 1 across the edge, away from the middle. */
function outward([x0, y0]: Spot, [x1, y1]: Spot, [mx, my]: Spot): Spot {
  const length = Math.hypot(x1 - x0, y1 - y0) || 1;
  const [nx, ny] = [(y1 - y0) / length, (x0 - x1) / length];
  const away = nx * ((x0 + x1) / 2 - mx) + ny * ((y0 + y1) / 2 - my) >= 0 ? 1 : -1;
  return [away * nx, away * ny];
}
