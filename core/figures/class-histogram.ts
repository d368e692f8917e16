/** How many images of each class, or what else is counted by class: a bar and its number for each group. */
import { AppError } from '../lib/errors';
import { brief, scaleOf, ticksOf } from './axes';
import { type FigureSize, type FigureText, emptyFigure, frame, margin, widthWithin } from './frame';
import { fit, textWidth } from './text-width';
import { type ThemeName, coloursFor, themes } from './theme';
import { el, num, textAt } from './xml';

export interface ClassHistogram extends FigureText {
  readonly classes: readonly string[];
  /** One count for each class, at least 0; NaN where there is none. */
  readonly series: readonly { readonly label: string; readonly counts: ArrayLike<number> }[];
  /** What is counted, with its unit: 'images'. */
  readonly xLabel: string;
}

const usualWidth = 460;
const axisHeight = 40;

/** @throws AppError BAD_DATA when a series has not one count for each class. */
export function classHistogram(data: ClassHistogram, themeName: ThemeName, size: FigureSize = {}): string {
  const { classes, series, xLabel } = data;
  const theme = themes[themeName];
  const wrong = series.find(({ counts }) => counts.length !== classes.length);
  if (wrong)
    throw new AppError('BAD_DATA', `'${wrong.label}' has ${wrong.counts.length} counts for ${classes.length} classes.`);
  const width = widthWithin(size, usualWidth);
  const finite = series.flatMap(({ counts }) => Array.from(counts).filter((n) => Number.isFinite(n) && n >= 0));
  if (finite.length === 0) return emptyFigure(data, width, 'There is nothing to count.', themeName);
  const colours = coloursFor(
    series.map(({ label }) => label),
    themeName,
  );
  const bar = Math.max(4, Math.min(14, 16 / series.length));
  const row = bar * series.length + 6;
  const longest = Math.max(...classes.map((name) => textWidth(name, 11)));
  const left = margin + Math.min(longest, width * 0.35) + 8;
  const widest = textWidth(brief(finite.reduce((most, n) => Math.max(most, n), 0)), 10.5) + 10;
  const plotWidth = width - left - margin - widest;
  const most = finite.reduce((highest, n) => Math.max(highest, n), 0);
  const x = scaleOf({ label: xLabel, domain: [0, most || 1], exact: true }, [0, plotWidth], 5);
  const height = classes.length * row;
  const ticks = ticksOf(x, Math.max(2, Math.min(6, Math.floor(plotWidth / 64)))).map(({ value, text }) => {
    const place = left + x(value);
    return (
      el('path', { d: `M${num(place)} 0v${num(height)}`, stroke: theme.line }) +
      textAt(place, height + 17, text, { fill: theme.ink2, anchor: 'middle' })
    );
  });
  const bars = classes.map((name, i) => {
    const top = i * row + 3;
    const own = series.map(({ counts }, k) => {
      const count = counts[i] ?? NaN;
      if (!(Number.isFinite(count) && count >= 0)) return '';
      const y = top + k * bar;
      const number =
        bar >= 8 ? textAt(left + x(count) + 5, y + bar / 2 + 3.6, brief(count), { fill: theme.ink2, size: 10.5 }) : '';
      return el('rect', { x: left, y, width: x(count), height: bar - 1, fill: colours[k] ?? theme.ink2 }) + number;
    });
    return (
      textAt(left - 8, top + (row - 6) / 2 + 4, fit(name, 11, left - margin - 8), { fill: theme.ink2, anchor: 'end' }) +
      own.join('')
    );
  });
  const legend = series.map(({ label }, k) => ({ label, colour: colours[k] ?? theme.ink2, mark: 'box' as const }));
  const description = `Bars of ${xLabel} by class: ${series
    .map(({ label, counts }) => `${label} ${classes.map((name, i) => `${name} ${brief(counts[i] ?? NaN)}`).join(', ')}`)
    .join('; ')}.`;
  return frame(
    {
      words: data,
      width,
      height: height + axisHeight,
      description,
      ...(series.length > 1 ? { legend } : {}),
    },
    themeName,
    ...ticks,
    ...bars,
    el('path', { d: `M${num(left)} 0v${num(height)}`, stroke: theme.lineStrong }),
    textAt(left + plotWidth / 2, height + 36, fit(xLabel, 11.5, plotWidth), {
      fill: theme.ink2,
      size: 11.5,
      anchor: 'middle',
    }),
  );
}
