/**
 * Energy round one real image, a panel for each model (JEAT, fig. 2): filled contours of E on the plane of two directions, darker =
 * lower, the star at the image. Grids come with each model's mean clean energy subtracted, since its own offset means nothing.
 */
import { ticks } from 'd3-array';
import { AppError } from '../lib/errors';
import { brief, scaleOf, ticksOf } from './axes';
import { barHeight, colourBar } from './colour-bar';
import { contourPanel, type EnergyGrid } from './contour-panel';
import { type EnergyRange, fullRange, sharedRange } from './contour-range';
import { type FigureText, emptyFigure, frame, margin } from './frame';
import { fit } from './text-width';
import { type Theme, type ThemeName, seriesColour, themes } from './theme';
import { el, textAt } from './xml';

export interface ContourPanel extends EnergyGrid {
  readonly title: string;
  /** What trained the model: chooses the colour over the panel; by default the title. */
  readonly method?: string | undefined;
  readonly subtitle?: string;
}

export interface ContourPanels extends FigureText {
  /** Each with n * n energies in nats, rows along the second direction. */
  readonly panels: readonly ContourPanel[];
  /** Largest offset along both directions. */
  readonly extent: number;
  /** Norm and unit of the offsets: 'linf, pixels in [0,1]'. */
  readonly unit: string;
  /** One colour scale for all panels. */
  readonly shared: boolean;
  /** What is drawn; 'E(x,y) minus the mean over clean images' when not given. */
  readonly quantity?: string;
  /** An energy whose isoline is drawn in white. */
  readonly level?: number;
}

const size = 208;
const gap = 22;
const left = margin + 40;
const headHeight = 52;
const axisHeight = 44;
const bands = 20;

/** About `count` energies between bands; one when all energies are the same. */
const thresholdsOf = ({ low, high }: EnergyRange, count: number): number[] =>
  high > low ? ticks(low, high, count).filter((value) => value > low && value < high) : [];

/** @throws AppError BAD_DATA when a grid is not n * n. */
export function contourPanels(data: ContourPanels, themeName: ThemeName): string {
  const { panels, extent, unit, shared, quantity = 'E(x,y) minus the mean over clean images', level } = data;
  const theme = themes[themeName];
  for (const { title, grid, n } of panels)
    if (!Number.isInteger(n) || n < 3 || grid.length !== n * n)
      throw new AppError('BAD_DATA', `The grid of '${title}' has ${grid.length} energies, not ${n} × ${n}.`);
  const whole = panels.map(({ grid }) => fullRange(grid));
  const common = sharedRange(panels.map(({ grid }) => grid));
  const width = Math.max(420, left + panels.length * (size + gap) - gap + margin + 4);
  if (!common) return emptyFigure(data, width, 'There is no finite energy to draw.', themeName);
  const body = panels.map((panel, i) => {
    const x = left + i * (size + gap);
    const own = whole[i];
    const range = shared ? common : own;
    const words = own ? `from ${brief(own.low)} to ${brief(own.high)} nats` : 'no finite energy';
    const thresholds = range ? thresholdsOf(range, bands) : [];
    const colour = seriesColour(panel.method ?? panel.title, themeName);
    return [
      colour ? el('rect', { x, y: 2, width: size, height: 3, rx: 1.5, fill: colour }) : '',
      textAt(x, 22, fit(panel.title, 13, size), { fill: theme.ink, size: 13, weight: 600 }),
      textAt(x, 39, fit(panel.subtitle ?? words, 11, size), { fill: theme.ink2 }),
      own && range
        ? contourPanel(panel, thresholds, range, { x, y: headHeight, size, level }, theme)
        : el('rect', { x, y: headHeight, width: size, height: size, fill: theme.sunken }),
      offsets(x, i === 0, extent, unit, theme),
      !shared && range && own
        ? colourBar(
            { thresholds, below: false, above: false, label: 'nats' },
            x,
            headHeight + size + axisHeight + 8,
            size,
            theme,
          )
        : '',
    ].join('');
  });
  const finite = whole.flatMap((range) => range ?? []);
  const below = finite.some(({ low }) => low < common.low);
  const above = finite.some(({ high }) => high > common.high);
  const bar = colourBar(
    {
      thresholds: thresholdsOf(common, bands),
      below,
      above,
      label: `${quantity}, nats; darker is lower${below || above ? '; dashed: end of the scale' : ''}`,
    },
    (width - Math.min(620, width - 80)) / 2,
    headHeight + size + axisHeight + 8,
    Math.min(620, width - 80),
    theme,
  );
  const description = `Energy round the image: ${panels
    .map(({ title }, i) => {
      const own = whole[i];
      return own ? `${title} from ${brief(own.low)} to ${brief(own.high)} nats` : `${title} not finite`;
    })
    .join('; ')}.`;
  const height = headHeight + size + axisHeight + 8 + barHeight;
  return frame({ words: data, width, height, description }, themeName, ...body, shared ? bar : '');
}

/** Ticks along the first direction below each panel, along the second beside the first panel. */
function offsets(x: number, first: boolean, extent: number, unit: string, theme: Theme): string {
  const bottom = headHeight + size;
  const scale = scaleOf({ label: '', domain: [-extent, extent], exact: true }, [0, size], 1);
  const marks = ticksOf(scale, 4);
  const style = { fill: theme.ink2, size: 10.5 };
  const edge = (value: number) => (Math.abs(value) < 0.97 * extent ? 'middle' : value < 0 ? 'start' : 'end');
  return [
    ...marks.map(
      ({ value, text }) =>
        el('path', { d: `M${(x + scale(value)).toFixed(2)} ${bottom}v4`, stroke: theme.lineStrong }) +
        textAt(x + scale(value), bottom + 16, text, { ...style, anchor: edge(value) }),
    ),
    textAt(x + size / 2, bottom + 33, fit(`offset along u (${unit})`, 11, size), {
      fill: theme.ink2,
      anchor: 'middle',
    }),
    ...(first
      ? marks.map(({ value, text }) => textAt(x - 7, bottom - scale(value) + 4, text, { ...style, anchor: 'end' }))
      : []),
    first
      ? textAt(margin + 6, bottom - size / 2, fit(`offset along v (${unit})`, 11, size), {
          fill: theme.ink2,
          anchor: 'middle',
          rotate: -90,
        })
      : '',
  ].join('');
}
