/** Images in a table with named rows and columns: samples by class, or clean, adversarial and difference side by side. */
import { type FigureText, emptyFigure, frame, margin } from './frame';
import { type ImagePanel, imagePanel } from './image-panel';
import { type ThemeName, themes } from './theme';
import { at } from './xml';

export type ImageGrid = FigureText & ImagePanel;

const least = 360;
const target = 56;

/** @throws AppError BAD_DATA when the images do not fit the rows and columns. */
export function imageGridFigure(data: ImageGrid, theme: ThemeName): string {
  if (data.rows.length * data.columns.length === 0)
    return emptyFigure(data, least, 'There is no image to show.', theme);
  const { width, height, markup } = imagePanel(data, target, themes[theme]);
  const description = `${data.rows.length} rows of ${data.columns.length} images.`;
  const frameWidth = Math.ceil(Math.max(least, width + 2 * margin));
  return frame({ words: data, width: frameWidth, height, description }, theme, at(margin, 0, markup));
}
