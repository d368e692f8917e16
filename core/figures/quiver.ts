/**
 * The energy plane of an attack (WEAT): an arrow for each image from its clean to its adversarial (E(x), E(x,y)). The height above
 * the diagonal E(x,y) = E(x) is the cross-entropy.
 */
import type { EnergyArrow } from '../metrics/energies';
import { type Scale, brief, domainOf, plot } from './axes';
import { type FigureSize, type FigureText, bodySize, emptyFigure, frame, widthWithin } from './frame';
import { type ThemeName, imageColours, themes } from './theme';
import { el, num, textAt } from './xml';

export interface Quiver extends FigureText {
  readonly arrows: readonly EnergyArrow[];
}

const headLength = 6;
const dotRadius = 3;

function arrow({ from, to }: EnergyArrow, x: Scale, y: Scale): string {
  const [x0, y0] = [x(from.marginal), y(from.joint)];
  const [dx, dy] = [x(to.marginal) - x0, y(to.joint) - y0];
  const angle = Math.atan2(dy, dx);
  const length = Math.max(0, Math.hypot(dx, dy) - dotRadius);
  const [x1, y1] = [x0 + length * Math.cos(angle), y0 + length * Math.sin(angle)];
  const wing = (side: number) => {
    const a = angle + Math.PI + side * 0.4;
    return `M${num(x1)} ${num(y1)}L${num(x1 + headLength * Math.cos(a))} ${num(y1 + headLength * Math.sin(a))}`;
  };
  return `M${num(x0)} ${num(y0)}L${num(x1)} ${num(y1)}${length > headLength ? wing(1) + wing(-1) : ''}`;
}

function diagonal(x: Scale, y: Scale, colour: string): string {
  const [low = 0, high = 1] = x.domain();
  const [bottom = 0, top = 1] = y.domain();
  const [from, to] = [Math.max(low, bottom), Math.min(high, top)];
  if (from >= to) return '';
  const angle = (Math.atan2(y(to) - y(from), x(to) - x(from)) * 180) / Math.PI;
  const place = from + 0.5 * (to - from);
  return (
    el('path', {
      d: `M${num(x(low))} ${num(y(low))}L${num(x(high))} ${num(y(high))}`,
      stroke: colour,
      'stroke-dasharray': '5 4',
    }) + el('g', { transform: `translate(${num(x(place))} ${num(y(place))}) rotate(${num(angle)})` }, label(colour))
  );
}
const label = (colour: string) => textAt(0, 15, 'E(x,y) = E(x), cross-entropy 0', { fill: colour, anchor: 'middle' });

export function quiver(data: Quiver, theme: ThemeName, size: FigureSize = {}): string {
  const arrows = data.arrows.filter(({ from, to }) =>
    [from.joint, from.marginal, to.joint, to.marginal].every(Number.isFinite),
  );
  const across = domainOf(arrows.flatMap(({ from, to }) => [from.marginal, to.marginal]));
  const up = domainOf(arrows.flatMap(({ from, to }) => [from.joint, to.joint]));
  if (!across || !up)
    return emptyFigure(data, widthWithin(size, 560), 'There is no image with finite energies to draw.', theme);
  const { ink3 } = themes[theme];
  const { clean, adversarial } = imageColours;
  const dots = (which: 'from' | 'to', colour: string, x: Scale, y: Scale) =>
    arrows
      .map(({ [which]: { marginal, joint } }) =>
        el('circle', { cx: x(marginal), cy: y(joint), r: dotRadius, fill: colour }),
      )
      .join('');
  const legend = [
    { label: 'clean', colour: clean, mark: 'dot' },
    { label: 'adversarial', colour: adversarial, mark: 'dot' },
  ] as const;
  const { width, height } = bodySize(data, size, { ratio: 0.68, legend });
  const body = plot(
    { x: { label: 'E(x), nats', domain: across }, y: { label: 'E(x,y), nats', domain: up }, width, height },
    themes[theme],
    (x, y) =>
      diagonal(x, y, ink3) +
      el('path', {
        d: arrows.map((each) => arrow(each, x, y)).join(''),
        stroke: ink3,
        'stroke-opacity': 0.7,
        fill: 'none',
      }) +
      dots('from', clean, x, y) +
      dots('to', adversarial, x, y),
  );
  const mean = (of: (arrow: EnergyArrow) => number) =>
    brief(arrows.reduce((sum, each) => sum + of(each) / arrows.length, 0));
  const description = `${arrows.length} arrows from clean to adversarial images; mean change of E(x) ${mean(
    ({ from, to }) => to.marginal - from.marginal,
  )} nats, of E(x,y) ${mean(({ from, to }) => to.joint - from.joint)} nats.`;
  return frame({ words: data, width, height, legend, description }, theme, body);
}
