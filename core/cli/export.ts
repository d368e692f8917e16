/** `lowland export`: what others can use of a run or a model, by --format or the ending of --out: weights, a chart of metrics, or its data. */
import path from 'node:path';
import { AppError } from '../lib/errors';
import { choice, count, text } from '../lib/options';
import { defineCommand } from './command';

export const exportEndings = ['.safetensors', '.npz', '.onnx', '.svg', '.png', '.pdf', '.csv'] as const;
const formats = { safetensors: '.safetensors', 'pytorch-npz': '.npz', onnx: '.onnx' } as const;

export const exportCommand = defineCommand({
  id: 'export',
  summary: 'Write the weights of a model or run, or a chart of metrics of a run.',
  examples: [
    'lowland export jeat --out jeat.safetensors',
    'lowland export jeat --format onnx',
    'lowland export my-run --metrics loss,ce --out loss.svg',
    'lowland export my-run --metrics accuracy.clean,accuracy.robust --theme dark --scale 3 --out accuracy.png',
    'lowland export my-run --metrics energy.clean,energy.generated --out energies.csv',
  ],
  arguments: [{ name: 'source', help: 'A run, or for weights also a model, by name or path.', required: true }],
  options: {
    format: choice(
      ['auto', 'safetensors', 'pytorch-npz', 'onnx'],
      'auto',
      "Of weights, in PyTorch's names and layouts; auto goes by the ending of --out.",
    ),
    metrics: text('loss', "Metrics to draw, separated by commas; 'lowland runs show' lists them."),
    theme: choice(['light', 'dark'], 'light', 'Look of the chart.'),
    scale: count(2, 'Size of a PNG, in pixels for one unit of the SVG.', { min: 1, max: 4 }),
  },
  async run([source = ''], options, { out, dataFolder }) {
    const hint = `Its ending says what to export: ${exportEndings.join(', ')}.`;
    const { format } = options;
    const target =
      out ?? (format === 'auto' ? undefined : `${path.basename(source, '.safetensors')}${formats[format]}`);
    if (!target) throw new AppError('USAGE', 'The export needs --out.', hint);
    const ending =
      format === 'auto' ? exportEndings.find((each) => each === path.extname(target).toLowerCase()) : formats[format];
    if (!ending) throw new AppError('USAGE', `--out '${out}' has none of the known endings.`, hint);
    const { exportTo } = await import('./export-run');
    const file = path.resolve(target);
    const what = await exportTo(source, ending, file, options, dataFolder);
    return { json: { source, what, file }, text: `Wrote ${what} of '${source}' to ${file}` };
  },
});

export type ExportEnding = (typeof exportEndings)[number];
export type ExportFlags = Parameters<typeof exportCommand.run>[1];
