/** Gaussian noise on every value, clipped to [0,1]. */
import { normals } from '../../lib/philox';
import { distance } from '../../lib/options';
import { defineTransform } from './transform';

export const noise = defineTransform({
  id: 'noise',
  title: 'Gaussian noise',
  summary: 'Adds sigma times a standard normal to every value and clips to [0,1].',
  reference: 'arXiv 1902.02918',
  options: { sigma: distance('8/255', 'Standard deviation.') },
  apply({ x, y, size }, _shape, { sigma }, at) {
    const z = normals(at, x.length);
    return { x: x.map((value, i) => Math.min(1, Math.max(0, value + sigma * (z[i] ?? 0)))), y, size };
  },
});
