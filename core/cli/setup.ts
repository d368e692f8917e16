/** `lowland setup tensorflow`: gets and builds what an engine needs beyond npm packages. */
import { engineIds } from '../engine/engine';
import { AppError } from '../lib/errors';
import { unknownName } from '../lib/nearest';
import { flag } from '../lib/options';
import { defineCommand } from './command';

export const setupCommand = defineCommand({
  id: 'setup',
  summary: 'Get and build the tensorflow engine, in your data folder.',
  examples: ['lowland setup tensorflow', 'lowland setup tensorflow --gpu', 'lowland setup tensorflow --force'],
  arguments: [{ name: 'engine', help: 'tensorflow; the other engines need no set-up.', required: true }],
  options: {
    gpu: flag(false, 'The CUDA build with its libraries (about 3 GB to download), for NVIDIA GPUs.'),
    force: flag(false, 'Build it anew even if it is there and works.'),
  },
  async run([engine = ''], options, { progress, signal }) {
    if (engineIds.some((id) => id === engine && id !== 'tensorflow'))
      throw new AppError('USAGE', `The ${engine} engine needs no set-up.`, "'lowland doctor' says whether it works.");
    if (engine !== 'tensorflow') throw unknownName('engine to set up', engine, ['tensorflow']);
    const { setupTensorflow } = await import('../engine/setup');
    const { folder, built, examination } = await setupTensorflow({ ...options, progress, signal });
    const { device = '', version = '' } = examination.info ?? {};
    const said = built ? 'Set up' : 'Already there, and it works (--force builds it anew)';
    const next =
      "Next: 'lowland doctor --calibrate' finds out in a minute how it uses the threads of this machine best.";
    const text = `${said}: ${version} on ${device}\nIn ${folder}\n${next}`;
    return { json: { engine, folder, built, device, version }, text };
  },
});
