/** SVG figures as PNG, drawn by resvg with our own font only: the same bytes on every machine. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { Resvg, initWasm } from '@resvg/resvg-wasm';
import { AppError } from '../lib/errors';
import { interFonts } from './fonts';
import { sharp } from './image-panel';
import { type Provenance, withPngText } from './png-text';

const load = async (): Promise<void> =>
  initWasm(await readFile(createRequire(import.meta.url).resolve('@resvg/resvg-wasm/index_bg.wasm')));
let ready: Promise<void> | undefined;

/**
 * @param scale pixels of the PNG for each unit of the SVG, 1 to 4
 * @throws AppError BAD_OPTION for another scale; BAD_FILE when `svg` is none.
 */
export async function toPng(
  svg: string,
  { scale, provenance }: { readonly scale: number; readonly provenance: Provenance },
): Promise<Uint8Array> {
  if (!(scale >= 1 && scale <= 4)) throw new AppError('BAD_OPTION', `The scale is ${scale}; it must be from 1 to 4.`);
  await (ready ??= load());
  const fontBuffers = (await interFonts()).map(({ bytes }) => bytes);
  let drawing: InstanceType<typeof Resvg>;
  try {
    drawing = new Resvg(svg.replaceAll(` style="${sharp}"`, ''), {
      fitTo: { mode: 'zoom', value: scale },
      font: { fontBuffers, defaultFontFamily: 'Inter', sansSerifFamily: 'Inter' },
    });
  } catch (error) {
    throw new AppError('BAD_FILE', `This is not an SVG picture: ${String(error)}.`, undefined, error);
  }
  const image = drawing.render();
  try {
    return withPngText(image.asPng(), provenance);
  } finally {
    image.free();
    drawing.free();
  }
}
