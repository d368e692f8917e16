/** `lowland metrics calibration`: how far a model's confidence is its accuracy, as it is and after temperature scaling. */
import { defineCommand } from './command';
import { measureOptions } from './measured';

const options = measureOptions(10_000);

export const calibrationCommand = defineCommand({
  id: 'metrics calibration',
  summary: 'Measure calibration: ECE, Brier score, likelihood, reliability diagram, temperature scaling.',
  examples: [
    'lowland metrics calibration jeat',
    'lowland metrics calibration at --n 2000 --out reliability.svg --json',
  ],
  arguments: [{ name: 'model', help: 'A name, a .safetensors file, or a run.', required: true }],
  options,
  async run([name = ''], flags, context) {
    const { runCalibration } = await import('./calibration-run');
    return runCalibration(name, flags, context);
  },
});
