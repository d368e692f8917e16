/**
 * A drawn figure as a file: SVG, PNG or PDF at a physical size, with its provenance inside. The window sends its SVG here and the
 * command line its own, so that both write the same bytes. What comes is not trusted (svg-check).
 */
import { AppError } from '../lib/errors';
import type { Provenance } from './png-text';
import { checkedSvg } from './svg-check';
import { type PhysicalWidth, dressed, outputSize, sized, withTheme, wordsOf } from './svg-output';
import { toPdf } from './svg-pdf';
import { toPng } from './svg-png';
import { writeSvg } from './svg-reader';

export const figureFormats = ['svg', 'png', 'pdf'] as const;
export type FigureFormat = (typeof figureFormats)[number];

export interface ExportOptions {
  readonly format: FigureFormat;
  /** Pixels of a PNG for each CSS pixel, 1 to 4. */
  readonly scale?: number | undefined;
  /** Leaves out the ground. */
  readonly transparent?: boolean | undefined;
  /** How wide the figure appears, text and all; as it is drawn when not given. 1 px is 1/96 inch. */
  readonly width?: PhysicalWidth | undefined;
  /** Colours for what would follow a page. */
  readonly theme?: 'light' | 'dark' | undefined;
  /** Written into the file; without any, an SVG keeps what it says of itself. */
  readonly provenance?: Provenance | undefined;
}

/**
 * @throws AppError BAD_DATA for a picture that is too large, not one SVG document, or that holds what an export does not take; BAD_OPTION
 * for a scale or size that cannot be.
 */
export async function exportFigure(svg: string, options: ExportOptions): Promise<Uint8Array> {
  const { format, scale = 1, transparent = false, width, theme = 'light', provenance = {} } = options;
  if (!(scale >= 1 && scale <= 4)) throw new AppError('BAD_OPTION', `The scale is ${scale}; it must be from 1 to 4.`);
  const root = dressed(checkedSvg(withTheme(svg, theme)), { transparent, provenance });
  const size = outputSize(root, width);
  switch (format) {
    case 'svg':
      return new TextEncoder().encode(writeSvg(sized(root, size, width?.unit ?? 'px')));
    case 'png': {
      const pixels = Math.max(1, Math.round(size.width * scale));
      const pixelsPerMetre = width?.unit === 'mm' ? (pixels * 1000) / width.value : undefined;
      return toPng(writeSvg(sized(root, size, 'px')), { scale: { pixels }, provenance, pixelsPerMetre });
    }
    case 'pdf':
      return toPdf(root, {
        width: size.width,
        height: size.height,
        title: wordsOf(root, 'title'),
        subject: wordsOf(root, 'desc'),
        provenance,
      });
    default:
      return format satisfies never;
  }
}
