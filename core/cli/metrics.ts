/** `lowland metrics`: how good generated images are. */
import { type Values, count, text } from '../lib/options';
import { defineCommand } from './command';

const options = {
  images: text(
    '',
    'The images: a folder of PNG and JPEG files or of lowland sample --single, an .npz of uint8 [n, h, w, c], or a dataset such as cifar10 (its training images) or cifar10:test.',
  ),
  reference: text('', 'What they are compared with: the same, or an .npz of statistics (mu, sigma).'),
  features: text('inception', 'Compare in the features of: inception, for FID, KID and Inception Score; or a model.'),
  n: count(50_000, 'At most so many images of each, from the first on.', { min: 2, max: 1_000_000, unit: 'images' }),
  batch: count(16, 'Images computed together; Inception needs about 0.1 GB for each.', {
    min: 1,
    max: 1024,
    unit: 'images',
  }),
  writeStats: text('', 'Write mean and covariance of the images’ features as .npz, to compare others with.'),
};
export type MetricsFlags = Values<typeof options>;

export const metricsCommand = defineCommand({
  id: 'metrics',
  summary: 'Judge generated images: Inception Score, FID, KID, precision and recall, density and coverage.',
  examples: [
    'lowland metrics --images samples --reference cifar10',
    'lowland metrics --images samples --reference fashion-mnist --features fashion/natural --n 5000 --json',
    'lowland metrics --images cifar10 --write-stats cifar10-train.npz',
    'lowland metrics --images samples.npz --reference cifar10-train.npz',
  ],
  arguments: [],
  options,
  async run(_, flags, context) {
    const { runMetrics } = await import('./metrics-run');
    return runMetrics(flags, context);
  },
});
