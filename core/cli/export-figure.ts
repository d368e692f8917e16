/** `lowland export figure`: a figure saved in the window ('Save figure data') as SVG, PNG, PDF or a table, as the window exports it. */
import path from 'node:path';
import { exportPresetIds } from '../figures/export-presets';
import { AppError } from '../lib/errors';
import { choice, count, flag, text } from '../lib/options';
import { defineCommand } from './command';

export const figureFormats = ['svg', 'png', 'pdf', 'csv'] as const;
export type FigureFileFormat = (typeof figureFormats)[number];

export const exportFigureCommand = defineCommand({
  id: 'export figure',
  summary: 'Draw a figure from its saved data, as SVG, PNG or PDF, or write the data as CSV.',
  examples: [
    'lowland export figure energy.json --out energy.pdf',
    'lowland export figure energy.json --preset paper-column --theme dark --transparent --out energy.png',
    'lowland export figure energy.json --width 120mm --layout 700x400 --scale 4 --out energy.png',
    'lowland export figure energy.json --format csv --out energy.csv',
  ],
  arguments: [{ name: 'data', help: 'A file {figure, data, provenance}, as the window saves it.', required: true }],
  options: {
    figure: text('', 'The figure to draw the data as, where it is another than the file names.'),
    format: choice(['', ...figureFormats], '', 'Of the file; by default what the ending of --out says.'),
    preset: choice(exportPresetIds, 'screen', 'Where the figure will be seen: sets width, layout and scale.'),
    width: text('', "How wide it appears, as '85mm' or '1920px'."),
    layout: text(
      '',
      "Width, or width x height, at which it is laid out, in px: '640' or '640x400'; text is 11 px of these.",
    ),
    scale: count(0, 'Pixels of a PNG for each px (1/96 inch) of its width, 1 to 4; 0 is what the preset says.', {
      max: 4,
    }),
    theme: choice(['light', 'dark'], 'light', 'Look of the figure.'),
    transparent: flag(false, 'Without the ground.'),
  },
  async run([source = ''], options, { out }) {
    if (!out) throw new AppError('USAGE', 'The export needs --out.', `Its ending says the format: ${endings}.`);
    const file = path.resolve(out);
    const ending = path.extname(file).slice(1).toLowerCase();
    const format = figureFormats.find((each) => each === (options.format || ending));
    if (!format)
      throw new AppError('USAGE', `--out '${out}' has none of the known endings.`, `Use ${endings}, or --format.`);
    const { exportSavedFigure } = await import('./export-figure-run');
    const { figure, bytes } = await exportSavedFigure(source, format, file, options);
    return { json: { source, figure, format, file, bytes }, text: `Wrote ${figure} of '${source}' to ${file}` };
  },
});

const endings = figureFormats.map((format) => `.${format}`).join(', ');

export type ExportFigureFlags = Parameters<typeof exportFigureCommand.run>[1];
