/**
 * Reliability diagrams (DeGroot & Fienberg 1983; Guo et al. 2017, figure 1): accuracy in bins of confidence beside the diagonal of perfect
 * calibration, with the gap to the mean confidence of each bin and the share of images that lie in it.
 */
import { curveStepAfter, line } from 'd3-shape';
import { brief, plot } from './axes';
import { type FigureSize, type FigureText, emptyFigure, frame, widthWithin } from './frame';
import { panelLayout } from './panel-layout';
import { fit } from './text-width';
import { type ThemeName, themes } from './theme';
import { at, el, num, textAt } from './xml';

export interface ReliabilityPanel {
  readonly title: string;
  readonly bins: readonly {
    /** The confidences of the bin, in [0,1]. */
    readonly from: number;
    readonly to: number;
    readonly count: number;
    /** Of the images in the bin; NaN in an empty one. */
    readonly accuracy: number;
    readonly confidence: number;
  }[];
}

export interface Reliability extends FigureText {
  readonly panels: readonly ReliabilityPanel[];
}

const colours = { accuracy: '#0072b2', gap: '#d55e00' };

/** sum_b n_b / n |accuracy_b - confidence_b| of what is drawn. */
const errorOf = ({ bins }: ReliabilityPanel): number => {
  const n = bins.reduce((sum, { count }) => sum + count, 0);
  return bins.reduce(
    (sum, { count, accuracy, confidence }) => (count > 0 ? sum + (count / n) * Math.abs(accuracy - confidence) : sum),
    0,
  );
};

export function reliabilityFigure(data: Reliability, themeName: ThemeName, size: FigureSize = {}): string {
  const theme = themes[themeName];
  const panels = data.panels.filter(({ bins }) => bins.some(({ count }) => count > 0));
  if (panels.length === 0)
    return emptyFigure(data, widthWithin(size, 420), 'There is no prediction to show.', themeName);
  const layout = panelLayout(
    { count: panels.length, usual: 320, smallest: 220, left: 4, gap: 4, above: 20, below: 8 },
    size,
  );
  const drawn = panels.map((panel, i) => {
    const { x, y } = layout.places[i] ?? { x: 0, y: 0 };
    const total = panel.bins.reduce((sum, { count }) => sum + count, 0);
    const axes = {
      x: { label: 'confidence', domain: [0, 1], exact: true },
      y: { label: 'accuracy', domain: [0, 1], exact: true },
      width: layout.side,
      height: layout.side,
    } as const;
    const body = plot(axes, theme, (across, up) => {
      const bars = panel.bins
        .filter(({ count }) => count > 0)
        .map(({ from, to, accuracy, confidence }) => {
          const box = { x: across(from) + 0.5, width: Math.max(1, across(to) - across(from) - 1) };
          const [low, high] = [Math.min(accuracy, confidence), Math.max(accuracy, confidence)];
          return (
            el('rect', {
              ...box,
              y: up(low),
              height: up(0) - up(low),
              fill: colours.accuracy,
              'fill-opacity': 0.55,
            }) +
            el('rect', {
              ...box,
              y: up(high),
              height: up(low) - up(high),
              fill: colours.gap,
              'fill-opacity': 0.4,
            }) +
            el('path', {
              d: `M${num(box.x)} ${num(up(accuracy))}h${num(box.width)}`,
              stroke: colours.accuracy,
              'stroke-width': 2.5,
            })
          );
        });
      const shares: [number, number][] = panel.bins.map(({ from, count }) => [from, count / total]);
      const last = panel.bins.at(-1);
      if (last) shares.push([last.to, last.count / total]);
      const outline = line<[number, number]>(
        ([a]) => across(a),
        ([, b]) => up(b),
      )
        .curve(curveStepAfter)
        .digits(1)(shares);
      return [
        ...bars,
        el('path', {
          d: `M${across(0).toFixed(1)} ${up(0).toFixed(1)}L${across(1).toFixed(1)} ${up(1).toFixed(1)}`,
          stroke: theme.ink2,
          'stroke-dasharray': '5 4',
        }),
        el('path', {
          d: outline ?? '',
          fill: 'none',
          stroke: theme.ink,
          'stroke-width': 1.4,
          'stroke-dasharray': '1 3',
        }),
      ].join('');
    });
    const title = `${panel.title}, ECE ${brief(100 * errorOf(panel))} %`;
    return at(
      x,
      y,
      textAt(layout.side / 2, -6, fit(title, 12, layout.side - 8), {
        fill: theme.ink,
        size: 12,
        weight: 600,
        anchor: 'middle',
      }),
      body,
    );
  });
  const legend = [
    { label: 'accuracy', colour: colours.accuracy, mark: 'box' },
    { label: 'gap to the confidence', colour: colours.gap, mark: 'box' },
    { label: 'share of images', colour: theme.ink, mark: 'line', dash: '1 3' },
    { label: 'perfect calibration', colour: theme.ink2, mark: 'line', dash: '5 4' },
  ] as const;
  const description = `Accuracy against confidence: ${panels
    .map((panel) => `${panel.title}, calibration error ${brief(100 * errorOf(panel))} %`)
    .join('; ')}.`;
  return frame({ words: data, width: layout.width, height: layout.height, legend, description }, themeName, ...drawn);
}
