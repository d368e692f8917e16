/** Cutout (DeVries & Taylor 2017): a square round a random pixel is filled; what of it lies outside the image is lost. */
import { fork } from '../../lib/key';
import { integers } from '../../lib/philox';
import { count, real } from '../../lib/options';
import { defineTransform, tooSmall } from './transform';

export const cutout = defineTransform({
  id: 'cutout',
  title: 'Cutout',
  summary: 'Fills a square round a random pixel with one value.',
  reference: 'arXiv 1708.04552',
  options: {
    size: count(0, "The square's side; 0 takes half of the image's height.", { max: 4096, unit: 'pixels' }),
    fill: real(0.5, 'The value to fill with.', { min: 0, max: 1, unit: 'pixel range 1' }),
  },
  apply({ x, y, size }, shape, { size: asked, fill }, at) {
    const [height, width, channels] = shape;
    const side = asked || Math.floor(height / 2);
    if (side < 1 || side > height || side > width) throw tooSmall('cutout', `with a side of ${side}`, shape);
    const rows = integers(fork(at, 'row'), size, height);
    const columns = integers(fork(at, 'column'), size, width);
    const out = x.slice();
    for (let n = 0; n < size; n++) {
      const top = (rows[n] ?? 0) - Math.floor(side / 2);
      const left = (columns[n] ?? 0) - Math.floor(side / 2);
      const from = Math.max(0, left) * channels;
      const to = Math.min(width, left + side) * channels;
      for (let i = Math.max(0, top); i < Math.min(height, top + side); i++) {
        const start = (n * height + i) * width * channels;
        out.fill(fill, start + from, start + to);
      }
    }
    return { x: out, y, size };
  },
});
