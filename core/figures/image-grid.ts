/** Images in a table with named rows and columns: samples by class, or clean, adversarial and difference side by side. */
import { type FigureSize, type FigureText, emptyFigure, frame, margin, widthWithin } from './frame';
import { type ImagePanel, imagePanel, labelWidth } from './image-panel';
import { type ThemeName, themes } from './theme';
import { at } from './xml';

export type ImageGrid = FigureText & ImagePanel;

const least = 360;
const target = 56;

/** @throws AppError BAD_DATA when the images do not fit the rows and columns. */
export function imageGridFigure(data: ImageGrid, theme: ThemeName, size: FigureSize = {}): string {
  if (data.rows.length * data.columns.length === 0)
    return emptyFigure(data, widthWithin(size, least), 'There is no image to show.', theme);
  const within = widthWithin(size, least) - 2 * margin - labelWidth(data.rows);
  const { width, height, markup } = imagePanel(data, size.width === undefined ? { target } : { within }, themes[theme]);
  const description = `${data.rows.length} rows of ${data.columns.length} images.`;
  const frameWidth = widthWithin(size, Math.ceil(Math.max(least, width + 2 * margin)));
  return frame({ words: data, width: frameWidth, height, description }, theme, at(margin, 0, markup));
}
