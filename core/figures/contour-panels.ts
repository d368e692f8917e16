/**
 * Energy round one real image, a panel for each model (JEAT, fig. 2): filled contours of E on the plane of two directions, darker =
 * lower, the star at the image. Grids come with each model's mean clean energy subtracted, since its own offset means nothing.
 */
import { ticks } from 'd3-array';
import { AppError } from '../lib/errors';
import { brief } from './axes';
import { colourBar, oneLineBar } from './colour-bar';
import { axisHeight, offsetAxes } from './contour-axes';
import { contourPanel, type EnergyGrid, type PanelMarks } from './contour-panel';
import { type EnergyRange, fullRange, sharedRange } from './contour-range';
import { type FigureSize, type FigureText, emptyFigure, frame, margin, widthWithin } from './frame';
import { panelLayout } from './panel-layout';
import { fit, textWidth } from './text-width';
import { type Theme, type ThemeName, seriesColour, themes } from './theme';
import { el, textAt } from './xml';

export interface ContourPanel extends EnergyGrid, PanelMarks {
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

const headHeight = 52;
const bands = 20;

export const usualQuantity = 'E(x,y) minus the mean over clean images';

/** About `bands` energies between bands; none when all energies are the same. */
export const thresholdsOf = ({ low, high }: EnergyRange): number[] =>
  high > low ? ticks(low, high, bands).filter((value) => value > low && value < high) : [];

/** @throws AppError BAD_DATA when a grid is not n * n. */
export function assertGrids(panels: readonly ContourPanel[]): void {
  for (const { title, grid, n } of panels)
    if (!Number.isInteger(n) || n < 3 || grid.length !== n * n)
      throw new AppError('BAD_DATA', `The grid of '${title}' has ${grid.length} energies, not ${n} × ${n}.`);
}

/** Name and range of energies over a panel, with the colour of what trained the model. */
export function panelHead(
  panel: ContourPanel,
  own: EnergyRange | undefined,
  { x, y, side }: { x: number; y: number; side: number },
  themeName: ThemeName,
): string {
  const { ink, ink2 }: Theme = themes[themeName];
  const ends = own ? `${brief(own.low)} to ${brief(own.high)} nats` : 'no finite energy';
  const words = own && textWidth(`from ${ends}`, 11) <= side ? `from ${ends}` : ends;
  const colour = seriesColour(panel.method ?? panel.title, themeName);
  return [
    colour ? el('rect', { x, y: y - headHeight + 2, width: side, height: 3, rx: 1.5, fill: colour }) : '',
    textAt(x, y - headHeight + 22, fit(panel.title, 13, side), { fill: ink, size: 13, weight: 600 }),
    textAt(x, y - headHeight + 39, fit(panel.subtitle ?? words, 11, side), { fill: ink2 }),
  ].join('');
}

/** The energies of each panel in words. */
export const panelWords = (panels: readonly ContourPanel[], whole: readonly (EnergyRange | undefined)[]): string =>
  panels
    .map(({ title }, i) => {
      const own = whole[i];
      return own ? `${title} from ${brief(own.low)} to ${brief(own.high)} nats` : `${title} not finite`;
    })
    .join('; ');

/** @throws AppError BAD_DATA when a grid is not n * n. */
export function contourPanels(data: ContourPanels, themeName: ThemeName, size: FigureSize = {}): string {
  const { panels, shared, quantity = usualQuantity, level, extent } = data;
  const theme = themes[themeName];
  assertGrids(panels);
  const whole = panels.map(({ grid }) => fullRange(grid));
  const common = sharedRange(panels.map(({ grid }) => grid));
  if (!common) return emptyFigure(data, widthWithin(size, 420), 'There is no finite energy to draw.', themeName);
  const ownBar = shared ? 0 : 8 + oneLineBar;
  const { width, height, side, places } = panelLayout(
    {
      count: panels.length,
      usual: 208,
      smallest: 104,
      left: margin + 40,
      gap: 22,
      above: headHeight,
      below: axisHeight + ownBar,
    },
    size,
  );
  const body = panels.map((panel, i) => {
    const place = places[i] ?? { x: 0, y: 0, first: false };
    const { x, y } = place;
    const own = whole[i];
    const range = shared ? common : own;
    const thresholds = range ? thresholdsOf(range) : [];
    const bar = { thresholds, below: false, above: false, label: 'nats' };
    return [
      panelHead(panel, own, { x, y, side }, themeName),
      own && range
        ? contourPanel(panel, thresholds, range, { x, y, size: side, level, extent }, theme)
        : el('rect', { x, y, width: side, height: side, fill: theme.sunken }),
      offsetAxes(place, side, data, theme),
      !shared && own ? colourBar(bar, x, y + side + axisHeight + 8, side, theme).markup : '',
    ].join('');
  });
  const finite = whole.flatMap((range) => range ?? []);
  const below = finite.some(({ low }) => low < common.low);
  const above = finite.some(({ high }) => high > common.high);
  const label = `${quantity}, nats; darker is lower${below || above ? '; dashed: end of the scale' : ''}`;
  const barWidth = Math.min(620, width - 72);
  const scale = colourBar(
    { thresholds: thresholdsOf(common), below, above, label },
    (width - barWidth) / 2,
    height + 8,
    barWidth,
    theme,
  );
  const description = `Energy round the image: ${panelWords(panels, whole)}.`;
  return frame(
    { words: data, width, height: height + (shared ? 8 + scale.height : 0), description },
    themeName,
    ...body,
    shared ? scale.markup : '',
  );
}
