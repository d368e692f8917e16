/** Offsets round a square panel: ticks along the first direction below it, along the second beside the first panel of a row. */
import { scaleOf, ticksOf } from './axes';
import { margin } from './frame';
import { fit, textWidth } from './text-width';
import type { Theme } from './theme';
import { el, num, textAt } from './xml';

/** Room below a panel. */
export const axisHeight = 44;

/** The long name where there is room. */
function axisName(direction: string, unit: string, room: number): string {
  const long = `offset along ${direction} (${unit})`;
  return textWidth(long, 11) <= room ? long : fit(`${direction} (${unit})`, 11, room);
}

export function offsetAxes(
  { x, y, first }: { readonly x: number; readonly y: number; readonly first: boolean },
  side: number,
  { extent, unit }: { readonly extent: number; readonly unit: string },
  theme: Theme,
): string {
  const bottom = y + side;
  const scale = scaleOf({ label: '', domain: [-extent, extent], exact: true }, [0, side], 1);
  const marks = ticksOf(scale, 4);
  const style = { fill: theme.ink2, size: 10.5 };
  const edge = (value: number) => (Math.abs(value) < 0.97 * extent ? 'middle' : value < 0 ? 'start' : 'end');
  return [
    ...marks.map(
      ({ value, text }) =>
        el('path', { d: `M${num(x + scale(value))} ${num(bottom)}v4`, stroke: theme.lineStrong }) +
        textAt(x + scale(value), bottom + 16, text, { ...style, anchor: edge(value) }),
    ),
    textAt(x + side / 2, bottom + 33, axisName('u', unit, side), {
      fill: theme.ink2,
      anchor: 'middle',
    }),
    ...(first
      ? [
          ...marks.map(({ value, text }) =>
            textAt(x - 7, bottom - scale(value) + 4, text, { ...style, anchor: 'end' }),
          ),
          textAt(margin + 6, bottom - side / 2, axisName('v', unit, side), {
            fill: theme.ink2,
            anchor: 'middle',
            rotate: -90,
          }),
        ]
      : []),
  ].join('');
}
