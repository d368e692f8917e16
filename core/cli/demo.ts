/** `lowland demo`: the whole idea in four minutes, on embedded data: train, sample, attack, see the energy, and one report. */
import { flag, text } from '../lib/options';
import { defineCommand } from './command';

export const demoCommand = defineCommand({
  id: 'demo',
  summary: 'Train a small JEAT classifier live, generate with it, attack it, and draw the energy of pretrained ones.',
  examples: ['lowland demo', 'lowland demo --seed 1 --out my-demo', 'lowland demo --json --no-open'],
  arguments: [],
  options: {
    preset: text('demo/jeat', 'What to train.'),
    open: flag(true, 'Open the report at the end, where there is a display.'),
  },
  async run(_args, { preset, open }, context) {
    const { runDemo } = await import('./demo-run');
    const result = await runDemo(preset, context);
    if (open) {
      const { openFile } = await import('./open-file');
      openFile(result.report);
    }
    const text = [
      `Clean accuracy ${(100 * result.clean).toFixed(1)} %, under PGD ${(100 * result.robust).toFixed(1)} %, in ${Math.round(result.seconds)} s on ${result.engine}.`,
      `Report: ${result.report}`,
      'Go on with:',
      '  npx lowland train --preset fashion-mini/jeat        a longer training, resumable',
      '  npx lowland sample jeat --n 64 --out grid.png       images from the pretrained net',
      '  npx lowland surface --models natural,at,jeat --data fashion-mnist-mini --image 7 --out energy.svg',
    ].join('\n');
    return { json: result, text };
  },
});
