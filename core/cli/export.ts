/** `lowland export`: what others can use of a run or a model, by the ending of --out: weights, a chart of metrics, or its data. */
import path from 'node:path';
import { AppError } from '../lib/errors';
import { choice, count, text } from '../lib/options';
import { defineCommand } from './command';

export const exportEndings = ['.safetensors', '.svg', '.png', '.pdf', '.csv'] as const;

export const exportCommand = defineCommand({
  id: 'export',
  summary: 'Write the weights of a model or run, or a chart of metrics of a run.',
  examples: [
    'lowland export jeat --out jeat.safetensors',
    'lowland export my-run --metrics loss,ce --out loss.svg',
    'lowland export my-run --metrics accuracy.clean,accuracy.robust --theme dark --scale 3 --out accuracy.png',
    'lowland export my-run --metrics energy.clean,energy.generated --out energies.csv',
  ],
  arguments: [{ name: 'source', help: 'A run, or for weights also a model, by name or path.', required: true }],
  options: {
    metrics: text('loss', "Metrics to draw, separated by commas; 'lowland runs show' lists them."),
    theme: choice(['light', 'dark'], 'light', 'Look of the chart.'),
    scale: count(2, 'Size of a PNG, in pixels for one unit of the SVG.', { min: 1, max: 4 }),
  },
  async run([source = ''], options, { out, dataFolder }) {
    const hint = `Its ending says what to export: ${exportEndings.join(', ')}.`;
    if (!out) throw new AppError('USAGE', 'The export needs --out.', hint);
    const ending = exportEndings.find((each) => each === path.extname(out).toLowerCase());
    if (!ending) throw new AppError('USAGE', `--out '${out}' has none of the known endings.`, hint);
    const { exportTo } = await import('./export-run');
    const file = path.resolve(out);
    const what = await exportTo(source, ending, file, options, dataFolder);
    return { json: { source, what, file }, text: `Wrote ${what} of '${source}' to ${file}` };
  },
});

export type ExportEnding = (typeof exportEndings)[number];
export type ExportFlags = Parameters<typeof exportCommand.run>[1];
