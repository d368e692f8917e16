/** Files made of what a window drew: figures from their SVG, images as grid, film or zip. */
import type { HandlersOf } from '../../contract/api';
import { exportFigure } from '../../figures/export';
import { exportImages } from '../../figures/export-images';
import type { DatasetDesk } from './desk';

export const figureHandlers = (
  _desk: DatasetDesk,
): Pick<HandlersOf<'library'>, 'figures.export' | 'figures.images'> => ({
  'figures.export': async ({ svg, ...options }) => ({ bytes: await exportFigure(svg, options) }),
  'figures.images': async ({ frames, shape, ...film }) => {
    const single = frames[0]?.length === shape[0] * shape[1] * shape[2];
    return { bytes: exportImages({ ...film, frames, shape, gap: single ? 0 : 1 }) };
  },
});
