/** SVG figures as PNG, drawn by resvg with our own font only: the same bytes on every machine. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { Resvg, initWasm } from '@resvg/resvg-wasm';
import { AppError } from '../lib/errors';
import { interFonts } from './fonts';
import { sharp } from './image-panel';
import { maxPixels } from './pixels';
import { type Provenance, withPngText } from './png-text';

const load = async (): Promise<void> =>
  initWasm(await readFile(createRequire(import.meta.url).resolve('@resvg/resvg-wasm/index_bg.wasm')));
let ready: Promise<void> | undefined;

export interface PngPlan {
  /** Pixels of the PNG for each unit of the SVG, 1 to 4; or its width in pixels. */
  readonly scale: number | { readonly pixels: number };
  readonly provenance: Provenance;
  readonly pixelsPerMetre?: number | undefined;
}

/** @throws AppError BAD_OPTION for another scale or too large a picture; BAD_FILE when `svg` is none. */
export async function toPng(svg: string, { scale, provenance, pixelsPerMetre }: PngPlan): Promise<Uint8Array> {
  if (typeof scale === 'number' && !(scale >= 1 && scale <= 4))
    throw new AppError('BAD_OPTION', `The scale is ${scale}; it must be from 1 to 4.`);
  await (ready ??= load());
  const fontBuffers = (await interFonts()).map(({ bytes }) => bytes);
  let drawing: InstanceType<typeof Resvg>;
  try {
    drawing = new Resvg(svg.replaceAll(` style="${sharp}"`, ''), {
      fitTo: typeof scale === 'number' ? { mode: 'zoom', value: scale } : { mode: 'width', value: scale.pixels },
      font: { fontBuffers, defaultFontFamily: 'Inter', sansSerifFamily: 'Inter' },
    });
  } catch (error) {
    throw new AppError('BAD_FILE', `This is not an SVG picture: ${String(error)}.`, undefined, error);
  }
  try {
    const zoom = typeof scale === 'number' ? scale : scale.pixels / drawing.width;
    const [width, height] = [Math.round(drawing.width * zoom), Math.round(drawing.height * zoom)];
    if (width * height > maxPixels / 4)
      throw new AppError('BAD_OPTION', `A picture of ${width} × ${height} pixels is too large.`, 'Lower the scale.');
    return withPngText(rendered(drawing), provenance, pixelsPerMetre);
  } finally {
    drawing.free();
  }
}

function rendered(drawing: InstanceType<typeof Resvg>): Uint8Array {
  try {
    const image = drawing.render();
    const png = image.asPng();
    image.free();
    return png;
  } catch (error) {
    throw new AppError('BAD_DATA', `The picture cannot be drawn: ${String(error)}.`, undefined, error);
  }
}
