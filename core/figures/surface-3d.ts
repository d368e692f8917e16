/**
 * Energy round one real image as a surface over the plane of two directions, a panel for each model: what the window shows in 3-D, as
 * lines and areas. Cells are painted from the farthest to the nearest, which is right for a height above a floor.
 */
import { colourBar, oneLineBar } from './colour-bar';
import { type View, cameraOf, heightFor } from './camera';
import { type ContourPanels, assertGrids, panelHead, panelWords, thresholdsOf, usualQuantity } from './contour-panels';
import { fullRange, sharedRange } from './contour-range';
import { type FigureSize, emptyFigure, frame, margin, widthWithin } from './frame';
import { panelLayout } from './panel-layout';
import { backWalls, boxAxes } from './surface-axes';
import { surfaceCells } from './surface-cells';
import { type ThemeName, themes } from './theme';
import { clipped, el } from './xml';

export type Surface3d = Omit<ContourPanels, 'level'> & View;

const headHeight = 52;
const room = { left: 50, right: 26, top: 10, bottom: 40 };

/** @throws AppError BAD_DATA when a grid is not n * n. */
export function surface3d(data: Surface3d, themeName: ThemeName, size: FigureSize = {}): string {
  const { panels, shared, quantity = usualQuantity } = data;
  const theme = themes[themeName];
  assertGrids(panels);
  const whole = panels.map(({ grid }) => fullRange(grid));
  const common = sharedRange(panels.map(({ grid }) => grid));
  if (!common) return emptyFigure(data, widthWithin(size, 420), 'There is no finite energy to draw.', themeName);
  const ownBar = shared ? 0 : 8 + oneLineBar;
  const tallness = (side: number) => heightFor(data, side, room);
  const plan = {
    count: panels.length,
    usual: 320,
    tallness,
    smallest: 210,
    left: margin,
    gap: 16,
    above: headHeight,
    below: ownBar,
  };
  const { width, height, side, places } = panelLayout(plan, size);
  const tallSide = tallness(side);
  const camera = cameraOf(data, { width: side, height: tallSide }, room);
  const finest = panels.length > 2 ? 41 : 61;
  const body = panels.map((panel, i) => {
    const { x, y } = places[i] ?? { x: 0, y: 0 };
    const own = whole[i];
    const range = shared ? common : own;
    const head = panelHead(panel, own, { x, y, side }, themeName);
    if (!range || !own) return head + el('rect', { x, y, width: side, height: tallSide, fill: theme.sunken });
    const bar = { thresholds: thresholdsOf(range), below: false, above: false, label: 'nats' };
    const drawn = clipped(
      x,
      y,
      side,
      tallSide,
      backWalls(camera, range, theme),
      surfaceCells(panel, range, camera, { extent: data.extent, finest }),
      boxAxes(camera, range, data, theme),
    );
    return head + drawn + (shared ? '' : colourBar(bar, x, y + tallSide + 4, side, theme).markup);
  });
  const finite = whole.flatMap((range) => range ?? []);
  const below = finite.some(({ low }) => low < common.low);
  const above = finite.some(({ high }) => high > common.high);
  const label = `${quantity}, nats; darker is lower${below || above ? '; cut off at the ends of the scale' : ''}`;
  const barWidth = Math.min(620, width - 72);
  const scale = colourBar(
    { thresholds: thresholdsOf(common), below, above, label },
    (width - barWidth) / 2,
    height + 8,
    barWidth,
    theme,
  );
  const description = `Energy as a surface round the image: ${panelWords(panels, whole)}.`;
  return frame(
    { words: data, width, height: height + (shared ? 8 + scale.height : 0), description },
    themeName,
    ...body,
    shared ? scale.markup : '',
  );
}
