/** Overlaid histograms on shared bins, each with its mean: energies of clean, adversarial and generated images (WEAT, fig. 1). */
import { line, curveStepAfter, area } from 'd3-shape';
import { histogram } from '../metrics/energies';
import { brief, plot } from './axes';
import { type FigureSize, type FigureText, bodySize, emptyFigure, frame, widthWithin } from './frame';
import { type ThemeName, coloursFor, themes } from './theme';
import { el } from './xml';

export { histogram };

export interface HistogramSeries {
  readonly label: string;
  readonly values: ArrayLike<number>;
  readonly colour?: string;
}

export interface HistogramFigure extends FigureText {
  readonly xLabel: string;
  /** 'images' when not given. */
  readonly yLabel?: string;
  readonly series: readonly HistogramSeries[];
  readonly bins?: number;
}

export function histogramFigure(data: HistogramFigure, theme: ThemeName, size: FigureSize = {}): string {
  const { series, xLabel, yLabel = 'images', bins = 60 } = data;
  const colours = coloursFor(
    series.map(({ label }) => label),
    theme,
  );
  const { edges, counts } = histogram(Object.fromEntries(series.map(({ values }, i) => [`${i}`, values])), bins);
  const groups = series.map(({ label, values, colour }, i) => {
    const finite = Array.from(values).filter(Number.isFinite);
    return {
      label,
      colour: colour ?? colours[i] ?? themes[theme].ink,
      counts: counts[`${i}`] ?? [],
      size: finite.length,
      mean: finite.reduce((sum, value) => sum + value / finite.length, 0),
    };
  });
  if (groups.every((group) => group.size === 0))
    return emptyFigure(data, widthWithin(size, 560), 'There is no finite value to count.', theme);
  const legend = groups.map(({ label, colour, size: count, mean }) => ({
    label: count > 0 ? `${label}, mean ${brief(mean)}` : `${label}, no value`,
    colour,
    mark: 'box' as const,
  }));
  const { width, height } = bodySize(data, size, { legend });
  const highest = Math.max(...groups.flatMap((group) => group.counts));
  const body = plot(
    {
      x: { label: xLabel, domain: [edges[0] ?? 0, edges.at(-1) ?? 1] },
      y: { label: yLabel, domain: [0, highest * 1.06] },
      width,
      height,
    },
    themes[theme],
    (x, y, _, inside) =>
      groups
        .filter((group) => group.size > 0)
        .map(({ counts: own, colour, mean }) => {
          const steps = [0, ...own, 0].map((count, i): [number, number] => [edges[Math.max(0, i - 1)] ?? 0, count]);
          steps.push([edges.at(-1) ?? 1, 0]);
          const shape = { fill: colour, 'fill-opacity': 0.28 };
          const filled = area<[number, number]>(
            ([a]) => x(a),
            y(0),
            ([, b]) => y(b),
          )
            .curve(curveStepAfter)
            .digits(1)(steps);
          const outline = line<[number, number]>(
            ([a]) => x(a),
            ([, b]) => y(b),
          )
            .curve(curveStepAfter)
            .digits(1)(steps);
          return (
            el('path', { d: filled ?? '', ...shape }) +
            el('path', { d: outline ?? '', fill: 'none', stroke: colour, 'stroke-width': 1.4 }) +
            el('path', {
              d: `M${x(mean).toFixed(1)} 0V${inside.height}`,
              stroke: colour,
              'stroke-width': 1.6,
              'stroke-dasharray': '2 3',
            })
          );
        })
        .join(''),
  );
  const description = `Histogram of ${xLabel}: ${legend.map(({ label }) => label).join('; ')}. Dotted lines are the means.`;
  return frame({ words: data, width, height, legend, description }, theme, body);
}
