/** The work of `lowland export figure`. */
import { exportFigure } from '../figures/export';
import { type ExportPreset, exportPresets, layoutFor } from '../figures/export-presets';
import { readSavedFigure } from '../figures/figure-file';
import type { FigureSize } from '../figures/frame';
import { type OpenFigure, figureRegistry } from '../figures/registry';
import type { PhysicalWidth } from '../figures/svg-output';
import { writeAtomic } from '../lib/atomic';
import { AppError } from '../lib/errors';
import { readBounded } from '../lib/read-bounded';
import type { ExportFigureFlags, FigureFileFormat } from './export-figure';

const largestFile = 128 * 2 ** 20;

/** Writes `file`; gives back which figure it was and how many bytes it took. @throws AppError BAD_DATA naming the wrong field. */
export async function exportSavedFigure(
  source: string,
  format: FigureFileFormat,
  file: string,
  flags: ExportFigureFlags,
): Promise<{ figure: string; bytes: number }> {
  const saved = readSavedFigure((await readBounded(source, largestFile, 'read the figure')).toString('utf8'), source);
  const entry = figureRegistry.get(flags.figure || saved.figure);
  const figure = entry.open(saved.data);
  const content = format === 'csv' ? new TextEncoder().encode(figure.csv()) : await drawn(figure, format, flags);
  await writeAtomic(file, content);
  return { figure: entry.id, bytes: content.length };
}

function drawn(
  figure: OpenFigure,
  format: Exclude<FigureFileFormat, 'csv'>,
  { preset: id, width: asked, layout, scale, theme, transparent }: ExportFigureFlags,
): Promise<Uint8Array> {
  const preset = exportPresets.find((each) => each.id === id) ?? exportPresets[0];
  const base: Pick<ExportPreset, 'width' | 'layout'> = asked === '' ? preset : { width: widthOf(asked) };
  const size = layout === '' ? layoutFor(base) : layoutOf(layout);
  return exportFigure(figure.svg(theme, size), {
    format,
    scale: scale || preset.scale,
    transparent,
    width: base.width,
    theme,
    provenance: figure.provenance,
  });
}

function widthOf(text: string): PhysicalWidth {
  const [, value, unit] = /^(\d+(?:\.\d+)?) ?(mm|px)$/.exec(text) ?? [];
  if (unit !== 'mm' && unit !== 'px')
    throw new AppError('BAD_OPTION', `--width is '${text}'; it must be a number with mm or px.`, 'For example 85mm.');
  return { value: Number(value), unit };
}

function layoutOf(text: string): FigureSize {
  const [, width, height] = /^(\d{2,4})(?:x(\d{2,4}))?$/.exec(text) ?? [];
  if (width === undefined)
    throw new AppError(
      'BAD_OPTION',
      `--layout is '${text}'; it must be a width, or a width x a height, in px.`,
      'For example 640x400.',
    );
  return { width: Number(width), height: height === undefined ? undefined : Number(height) };
}
