/** `lowland sample`: images from a model, by walking down its energy. */
import { type Values, count, flag, text } from '../lib/options';
import { defineCommand } from './command';

const options = {
  n: count(64, 'Images.', { min: 1, max: 1_000_000, unit: 'images' }),
  class: text('', 'Only this class, by name or number; by default all, in order.'),
  sampler: text('pgd-synthesis', 'Which sampler; its options are set with --set.'),
  start: text('uniform', 'Where chains start: uniform, class-gaussian or class-pca.'),
  steps: count(0, 'Steps; 0 for as many as suit the start.', { max: 100_000, unit: 'steps' }),
  conditional: flag(true, 'Descend E(x,y) of the class; without it E(x).'),
  data: text('', 'Dataset of the class starts; by default the one the model was trained on.'),
  single: text('', 'Folder for one PNG an image; the same command goes on there where it was interrupted.'),
  trajectory: flag(false, 'Also draw and film the way of the first images, and list the energies along it.'),
  batch: count(64, 'Images moved together; part of what the seed means.', { min: 1, max: 4096, unit: 'images' }),
};
export type SampleFlags = Values<typeof options>;

export const sampleCommand = defineCommand({
  id: 'sample',
  summary: 'Generate images by walking down the energy of a model.',
  examples: [
    'lowland sample jeat --n 64 --seed 3 --out grid.png',
    'lowland sample jeat --class 7 --start class-gaussian --trajectory',
    'lowland sample jeat --sampler sgld --steps 200 --set step=0.5 --set noise=0.01',
    'lowland sample jeat --n 10000 --single samples',
  ],
  arguments: [{ name: 'model', help: 'A name, a .safetensors file, or a run.', required: true }],
  options,
  async run([name = ''], flags, context) {
    const { runSample } = await import('./sample-run');
    return runSample(name, flags, context);
  },
});
