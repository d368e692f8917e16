/** Walks over an energy panel, as an attack or a sampler made them: a thin dark line with a white halo, open at its start. */
import { textWidth } from './text-width';
import { el, num, textAt } from './xml';

export interface PanelPath {
  /** Written at its end; nothing where it is ''. */
  readonly label: string;
  /** Offsets along u and v at each step, in the panel's unit. */
  readonly a: ArrayLike<number>;
  readonly b: ArrayLike<number>;
}

export const pathInk = '#14171a';

/** `place` turns offsets into pixels; steps that are not finite are left out. */
export function drawPath(
  { label, a, b }: PanelPath,
  place: (a: number, b: number) => readonly [number, number],
  size: number,
): string {
  const points = Array.from({ length: a.length }, (_, i) => place(a[i] ?? NaN, b[i] ?? NaN)).filter((point) =>
    point.every(Number.isFinite),
  );
  const [start, end] = [points[0], points.at(-1)];
  if (!start || !end) return '';
  const line = {
    d: `M${points.map(([x, y]) => `${num(x)},${num(y)}`).join('L')}`,
    fill: 'none',
    'stroke-linejoin': 'round',
    'stroke-linecap': 'round',
  };
  // beyond the end, where the line does not come from
  const from = points.at(-4) ?? start;
  const room = textWidth(label, 10.5) + 12;
  const before = end[0] > size - room || (end[0] < from[0] && end[0] > room);
  // beside the end where the line leaves room, else above it
  const over = !before && end[0] < from[0];
  const y = over ? (end[1] > 18 ? end[1] - 9 : end[1] + 17) : end[1] + 4;
  return [
    el('path', { ...line, stroke: '#fff', 'stroke-width': 3.6, 'stroke-opacity': 0.85 }),
    el('path', { ...line, stroke: pathInk, 'stroke-width': 1.4 }),
    el('circle', { cx: start[0], cy: start[1], r: 3.4, fill: '#fff', stroke: pathInk, 'stroke-width': 1.4 }),
    el('circle', { cx: end[0], cy: end[1], r: 3.6, fill: pathInk, stroke: '#fff', 'stroke-width': 1.4 }),
    label === ''
      ? ''
      : textAt(end[0] + (over ? -6 : before ? -8 : 8), Math.min(size - 4, Math.max(11, y)), label, {
          fill: pathInk,
          halo: '#fff',
          size: 10.5,
          anchor: before ? 'end' : 'start',
        }),
  ].join('');
}

/** A closed curve over a panel: the border of a ball. */
export type Outline = Pick<PanelPath, 'a' | 'b'>;

/** Dashed, dark in white. */
export function drawOutline({ a, b }: Outline, place: (a: number, b: number) => readonly [number, number]): string {
  const points = Array.from({ length: a.length }, (_, i) => place(a[i] ?? NaN, b[i] ?? NaN)).filter((point) =>
    point.every(Number.isFinite),
  );
  if (points.length === 0) return '';
  const line = { d: `M${points.map(([x, y]) => `${num(x)},${num(y)}`).join('L')}Z`, fill: 'none' };
  return (
    el('path', { ...line, stroke: '#fff', 'stroke-width': 3, 'stroke-opacity': 0.8, 'stroke-linejoin': 'round' }) +
    el('path', { ...line, stroke: pathInk, 'stroke-dasharray': '4 3' })
  );
}
